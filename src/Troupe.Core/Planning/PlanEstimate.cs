using Troupe.Core.Definitions;
using Troupe.Core.Runs;

namespace Troupe.Core.Planning;

/// <summary>How long a plan is likely to take, going by what its agents took before. Waits for people and other systems are not in it.</summary>
/// <param name="Duration">The critical path, or all work shared among the tasks that may go on at once where that is longer; null where an agent has no history.</param>
/// <param name="CriticalPath">The keys of the tasks and delays that make the longest chain, first to last.</param>
/// <param name="Tasks">Tasks of the plan; a fan-out counts as one, as its items are not known yet.</param>
/// <param name="UnknownAgents">Agents without a history, for which the chain counts nothing.</param>
public sealed record PlanEstimate(TimeSpan? Duration, IReadOnlyList<string> CriticalPath, int Tasks, IReadOnlyList<string> UnknownAgents)
{
    /// <param name="plan">An acyclic plan.</param>
    /// <param name="medians">Of the agents that have a history.</param>
    /// <param name="options">The run's: how many tasks may go on at once.</param>
    public static PlanEstimate Of(Plan plan, IReadOnlyDictionary<string, TimeSpan> medians, RunOptions options)
    {
        var chains = new Dictionary<string, Chain>(StringComparer.Ordinal);
        var byPhase = plan.Nodes.ToLookup(static node => node.Phase, StringComparer.Ordinal);
        var byKey = plan.Nodes.ToDictionary(static node => node.Key, StringComparer.Ordinal);
        var longest = plan.Nodes.Select(ChainTo).MaxBy(static chain => chain.Length);
        var tasks = plan.Nodes.Where(static node => node.Task is not null).ToList();
        var work = tasks.Aggregate(TimeSpan.Zero, (sum, node) => sum + LengthOf(node));
        var shared = work / Math.Min(Math.Max(tasks.Count, 1), options.MaxConcurrency ?? RunDefaults.MaxConcurrency);
        IReadOnlyList<string> unknown = [.. plan.Agents.Keys.Where(agent => !medians.ContainsKey(agent)).Order(StringComparer.Ordinal)];
        var duration = longest is { } path && path.Length > shared ? path.Length : shared;
        return new PlanEstimate(unknown.Count > 0 ? null : duration, longest?.Keys() ?? [], tasks.Count, unknown);

        Chain ChainTo(PlanNode node)
        {
            if (chains.TryGetValue(node.Key, out var known))
                return known;
            var before = node.Needs.Select(need => byKey[need]).Concat(node.AfterPhases.SelectMany(phase => byPhase[phase]));
            var last = before.Select(ChainTo).MaxBy(static chain => chain.Length);
            return chains[node.Key] = new Chain(node, (last?.Length ?? TimeSpan.Zero) + LengthOf(node), last);
        }

        TimeSpan LengthOf(PlanNode node) =>
            node.Delay ?? (node.Task is { } task && medians.TryGetValue(task.Agent, out var median) ? median : TimeSpan.Zero);
    }

    /// <summary>The longest way to a node.</summary>
    private sealed record Chain(PlanNode Node, TimeSpan Length, Chain? Before)
    {
        public IReadOnlyList<string> Keys()
        {
            var keys = new List<string>();
            for (var chain = this; chain is not null; chain = chain.Before)
            {
                if (chain.Node.Kind != PlanNodeKind.Gate)
                    keys.Add(chain.Node.Key);
            }

            keys.Reverse();
            return keys;
        }
    }
}
