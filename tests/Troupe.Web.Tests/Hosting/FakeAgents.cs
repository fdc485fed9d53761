using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Web.Tests.Hosting;

/// <summary>A fixed set of agents; a text with the word "broken" cannot be read, one with "name: x" names itself x.</summary>
internal sealed class FakeAgents : IAgentCatalog
{
    private readonly List<AgentDefinition> _agents =
    [
        Make("generalist") with { Description = "Does anything.", Path = "generalist.md" },
        Make("reviewer") with { Description = "Reviews.", Path = "staff/reviewer.md", Skills = ["review"] },
    ];

    public IReadOnlyList<Problem> Problems { get; set; } = [];

    public static AgentDefinition Make(string name) => new() { Name = name, SystemPrompt = $"You are {name}.", Version = "v1" };

    public Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken) =>
        Task.FromResult(_agents.Find(agent => agent.Name == nameOrPath || agent.Path == nameOrPath));

    public Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AgentDefinition>>(_agents);

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown)
    {
        if (markdown.Contains("broken", StringComparison.Ordinal))
            return (null, [new Problem("The front matter is broken.", "/", "agent.md", 2, 1), new Problem("There is no body.", "")]);
        var line = markdown.Split('\n').FirstOrDefault(line => line.StartsWith("name:", StringComparison.Ordinal));
        return (Make(line is null ? name : line["name:".Length..].Trim()), []);
    }
}
