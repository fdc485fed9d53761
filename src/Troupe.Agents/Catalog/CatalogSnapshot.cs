using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Agents.Catalog;

/// <summary>The agents of all files at one moment.</summary>
internal sealed class CatalogSnapshot
{
    private readonly Dictionary<string, (AgentDefinition Agent, string Root)> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, AgentDefinition> byPath = new(StringComparer.Ordinal);

    public CatalogSnapshot(IEnumerable<AgentFileContent> contents)
    {
        var problems = new List<Problem>();
        foreach (var content in contents)
        {
            problems.AddRange(content.Problems);
            if (content.Agent is { } agent)
                Add(agent, content, problems);
        }

        Agents = [.. byName.Values.Select(entry => entry.Agent).OrderBy(agent => agent.Name, StringComparer.OrdinalIgnoreCase)];
        Problems = problems;
    }

    public static CatalogSnapshot Empty { get; } = new([]);

    public IReadOnlyList<AgentDefinition> Agents { get; }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>By name, or by path in a root with or without <c>.md</c>. It looks only at what was read before, never at the disk.</summary>
    public AgentDefinition? Find(string nameOrPath) =>
        byName.TryGetValue(nameOrPath, out var named) ? named.Agent
            : byPath.GetValueOrDefault(nameOrPath) ?? byPath.GetValueOrDefault(nameOrPath + ".md");

    private void Add(AgentDefinition agent, AgentFileContent content, List<Problem> problems)
    {
        byPath.TryAdd(content.Path, agent);
        if (byName.TryAdd(agent.Name, (agent, content.Root)))
            return;
        var (first, root) = byName[agent.Name];
        var overridesBuiltIn = content.Root == AgentRoots.BuiltIn && root != content.Root;
        if (first.Version == agent.Version || overridesBuiltIn)
            return;
        problems.Add(new Problem(
            $"The name '{agent.Name}' is taken by '{first.Path}' of {root}; this one is found by its path only. Rename one of them.",
            "/name",
            content.Path,
            1,
            1));
    }
}
