using Troupe.Core.Planning;

namespace Troupe.Web.Workflows;

/// <summary>The edges of a plan: what a node needs, and between phases from the last nodes of one to the first of the next.</summary>
internal static class GraphEdges
{
    /// <summary>Between two phases that would have more edges than this, the phases' own order has to do.</summary>
    private const int MaxBetweenPhases = 2_500;

    public static IReadOnlyList<GraphEdge> Of(Plan plan)
    {
        var last = LastOfPhases(plan);
        var first = plan.Nodes.Where(static node => node.AfterPhases.Count > 0).ToLookup(static node => node.Phase, StringComparer.Ordinal);
        var edges = plan.Nodes.SelectMany(static node => node.Needs.Select(need => new GraphEdge(need, node.Key))).ToList();
        foreach (var phase in plan.Phases)
        {
            foreach (var before in phase.After.Where(before => last[before].Count() * first[phase.Id].Count() <= MaxBetweenPhases))
            {
                edges.AddRange(
                    from node in first[phase.Id]
                    where node.AfterPhases.Contains(before, StringComparer.Ordinal)
                    from ending in last[before]
                    select new GraphEdge(ending, node.Key));
            }
        }

        return [.. edges.Distinct()];
    }

    /// <summary>The keys of the nodes that no other node of their phase needs, by phase.</summary>
    private static ILookup<string, string> LastOfPhases(Plan plan)
    {
        var phaseOf = plan.Nodes.ToDictionary(static node => node.Key, static node => node.Phase, StringComparer.Ordinal);
        var needed = plan.Nodes
            .SelectMany(node => node.Needs.Where(need => phaseOf.GetValueOrDefault(need) == node.Phase))
            .ToHashSet(StringComparer.Ordinal);
        return plan.Nodes.Where(node => !needed.Contains(node.Key)).ToLookup(static node => node.Phase, static node => node.Key, StringComparer.Ordinal);
    }
}
