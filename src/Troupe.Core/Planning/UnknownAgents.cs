using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Core.Planning;

/// <summary>Finds agents that are not there in a definition that could not be read, so that all of its problems are told at once.</summary>
internal sealed class UnknownAgents(IAgentCatalog catalog)
{
    /// <summary>Problems at <c>/phases/{i}/tasks/{j}/agent</c>. What has another shape is passed over: the reader has told of it.</summary>
    public async Task<IReadOnlyList<Problem>> FindAsync(JsonElement definition, CancellationToken cancellationToken)
    {
        var all = await catalog.ListAsync(cancellationToken);
        var problems = new List<Problem>();
        foreach (var (phase, i) in ItemsOf(definition, "phases"))
        {
            foreach (var (task, j) in ItemsOf(phase, "tasks"))
            {
                if (AgentOf(task) is { } name && await catalog.FindAsync(name, cancellationToken) is null)
                    problems.Add(new Problem(Describe(name, all), $"/phases/{i}/tasks/{j}/agent"));
            }
        }

        return problems;
    }

    public static string Describe(string name, IReadOnlyList<AgentDefinition> all)
    {
        var hint = Suggestion.For(name, all.Select(static candidate => candidate.Name));
        return $"There is no agent \"{name}\". {hint}Name one of the {all.Count} that are known (GET /agents lists them), or add it.";
    }

    private static IEnumerable<(JsonElement Item, int Index)> ItemsOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(static (item, index) => (item, index))
            : [];

    private static string? AgentOf(JsonElement task) =>
        task.ValueKind == JsonValueKind.Object && task.TryGetProperty("agent", out var agent) && agent.ValueKind == JsonValueKind.String
            ? agent.GetString()
            : null;
}
