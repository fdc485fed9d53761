using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Integrations.Tests.Support;

/// <summary>Agents that answer with their prompt, and two workflows of them.</summary>
internal sealed class EchoAgents : IAgentCatalog, IAgentRunner, IWorkflowCatalog
{
    private static readonly Dictionary<string, string> Workflows = new(StringComparer.Ordinal)
    {
        ["greet"] = """
            name: greet
            inputs:
              name: {type: string, required: true}
              times: {type: number}
            phases: [{id: p, title: P, tasks: [{id: t, agent: echo, prompt: "{{inputs.name}}"}]}]
            """,
        ["gated"] = """
            name: gated
            phases: [{id: p, title: P, gate: {approval: {title: "Go <on>?"}}, tasks: [{id: t, agent: echo, prompt: hi}]}]
            """,
    };

    public IReadOnlyList<Problem> Problems => [];

    /// <summary>What looking a workflow up waits for.</summary>
    public Func<Task> Lookup { get; set; } = static () => Task.CompletedTask;

    public Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken) =>
        Task.FromResult<AgentDefinition?>(new AgentDefinition { Name = nameOrPath, SystemPrompt = "", Version = "1" });

    public Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AgentDefinition>>([]);

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown) => (null, []);

    public Task<AgentTurnResult> RunTurnAsync(AgentTurnRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new AgentTurnResult { Outcome = TurnOutcome.Answer, Text = request.Messages[^1].Text });

    async Task<WorkflowSource?> IWorkflowCatalog.FindAsync(string name, CancellationToken cancellationToken)
    {
        await Lookup();
        return Workflows.GetValueOrDefault(name) is { } text ? new WorkflowSource(DefinitionReader.Read(text).Definition!, text, "1", null) : null;
    }

    Task<IReadOnlyList<WorkflowSource>> IWorkflowCatalog.ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkflowSource>>([]);
}
