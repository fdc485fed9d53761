namespace Troupe.Core.Planning;

/// <summary>What lies before and behind a node of a plan.</summary>
internal static class PlanPaths
{
    /// <summary>The keys of every node that ends before this one begins.</summary>
    public static HashSet<string> Before(Plan plan, string key)
    {
        var byKey = plan.Nodes.ToDictionary(static node => node.Key, StringComparer.Ordinal);
        var byPhase = plan.Nodes.ToLookup(static node => node.Phase, StringComparer.Ordinal);
        return Walk(key, node => byKey.TryGetValue(node, out var found)
            ? found.Needs.Concat(found.AfterPhases.SelectMany(phase => byPhase[phase].Select(static before => before.Key)))
            : []);
    }

    /// <summary>The keys of every node that begins only when this one has ended.</summary>
    public static HashSet<string> Behind(Plan plan, string key)
    {
        var phaseOf = plan.Nodes.ToDictionary(static node => node.Key, static node => node.Phase, StringComparer.Ordinal);
        var byNeed = plan.Nodes.SelectMany(static node => node.Needs.Select(need => (need, node.Key))).ToLookup(static pair => pair.need, static pair => pair.Key, StringComparer.Ordinal);
        var byPhase = plan.Nodes.SelectMany(static node => node.AfterPhases.Select(phase => (phase, node.Key))).ToLookup(static pair => pair.phase, static pair => pair.Key, StringComparer.Ordinal);
        return Walk(key, node => phaseOf.TryGetValue(node, out var phase) ? byNeed[node].Concat(byPhase[phase]) : []);
    }

    /// <summary>The tasks that begin first when this node has ended, in the order of definition.</summary>
    public static IReadOnlyList<PlanNode> Next(Plan plan, string key)
    {
        var byNeed = plan.Nodes.SelectMany(static node => node.Needs.Select(need => (need, node))).ToLookup(static pair => pair.need, static pair => pair.node, StringComparer.Ordinal);
        var waits = plan.Nodes.Where(static node => node.Task is null).Select(static node => node.Key).ToHashSet(StringComparer.Ordinal);
        var reached = Walk(key, node => node == key || waits.Contains(node) ? byNeed[node].Select(static next => next.Key) : []);
        return [.. plan.Nodes.Where(node => node.Task is not null && reached.Contains(node.Key))];
    }

    private static HashSet<string> Walk(string from, Func<string, IEnumerable<string>> neighbours)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var node))
        {
            foreach (var next in neighbours(node).Where(found.Add))
                open.Enqueue(next);
        }

        return found;
    }
}
