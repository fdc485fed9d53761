using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>What of an earlier run runs again.</summary>
/// <param name="Keys">The nodes that run again.</param>
/// <param name="Continued">Those of them whose finished items are kept.</param>
internal sealed record Again(IReadOnlySet<string> Keys, IReadOnlySet<string> Continued)
{
    public static Again Of(Plan plan, Dictionary<string, TaskRecord> old, RunRecord run, RerunRequest request, List<Problem> problems)
    {
        var tasks = plan.Nodes.Where(static node => node.Task is not null).Select(static node => node.Key).ToHashSet(StringComparer.Ordinal);
        var unfinished = tasks.Where(key => !old.TryGetValue(key, out var task) || task.Status is not (WorkStatus.Completed or WorkStatus.Skipped) || task.Error is not null).ToHashSet(StringComparer.Ordinal);
        var again = new HashSet<string>(unfinished, StringComparer.Ordinal);
        if (request.From == "failed")
        {
            if (!run.Status.IsTerminal())
                problems.Add(new Problem($"The run '{run.Id}' has not ended yet. Cancel it first, or wait.", "/from"));
            else if (again.Count == 0)
                problems.Add(new Problem($"Nothing failed in the run '{run.Id}'. Name the task to run again from: {string.Join(", ", tasks)}.", "/from"));
        }
        else
        {
            var key = request.From.StartsWith(run.Id + ":", StringComparison.Ordinal) ? request.From[(run.Id.Length + 1)..] : request.From;
            if (!tasks.Contains(key))
                problems.Add(new Problem($"The run '{run.Id}' has no task '{request.From}'. It has: {string.Join(", ", tasks)}.", "/from"));
            again.Add(key);
            unfinished.Remove(key);
        }

        AddDependents(plan, again);
        // Other inputs, or another result of a task before it, may make another list of a for_each: its items are then not the same.
        if (request.Overrides?.Inputs is null)
            unfinished.RemoveWhere(key => DependsOn(plan.Nodes.First(node => node.Key == key), again, PhasesOf(plan, again)));
        else
            unfinished.Clear();
        return new Again(again, unfinished);
    }

    /// <summary>Whatever depends on something that runs again runs again.</summary>
    private static void AddDependents(Plan plan, HashSet<string> again)
    {
        var phases = PhasesOf(plan, again);
        bool changed;
        do
        {
            changed = false;
            foreach (var node in plan.Nodes.Where(node => !again.Contains(node.Key) && DependsOn(node, again, phases)))
            {
                again.Add(node.Key);
                phases.Add(node.Phase);
                changed = true;
            }
        }
        while (changed);
    }

    private static HashSet<string> PhasesOf(Plan plan, HashSet<string> keys) =>
        plan.Nodes.Where(node => keys.Contains(node.Key)).Select(static node => node.Phase).ToHashSet(StringComparer.Ordinal);

    private static bool DependsOn(PlanNode node, HashSet<string> keys, HashSet<string> phases) =>
        node.Needs.Any(keys.Contains) || node.AfterPhases.Any(phases.Contains);
}
