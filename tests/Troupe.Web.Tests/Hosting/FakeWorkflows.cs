using Troupe.Core.Definitions;

namespace Troupe.Web.Tests.Hosting;

internal sealed class FakeWorkflows : IWorkflowCatalog
{
    public const string Text = """
        name: pair
        description: Two in a row.
        inputs:
          topic: {type: string, required: true}
        phases:
          - id: first
            title: First
            tasks:
              - {id: a, title: A, agent: generalist, prompt: "{{inputs.topic}}"}
          - id: second
            title: Second
            after: [first]
            tasks:
              - {id: b, title: B, agent: reviewer, prompt: "{{tasks.a.result}}"}
        """;

    private readonly WorkflowSource _pair = new(DefinitionReader.Read(Text).Definition!, Text, "abc", "/srv/workflows/pair.yaml");

    public IReadOnlyList<Problem> Problems { get; set; } = [];

    public Task<WorkflowSource?> FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(name == "pair" ? _pair : null);

    public Task<IReadOnlyList<WorkflowSource>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WorkflowSource>>([_pair]);
}
