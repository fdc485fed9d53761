using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Launching;

/// <summary>The rows with which a run begins.</summary>
internal static class RunRows
{
    public static IReadOnlyList<TaskRecord> TasksOf(RunRecord run, Plan plan, DateTimeOffset now) =>
        [.. plan.Nodes.Select((node, index) => (node, index)).Where(static pair => pair.node.Task is not null).Select(pair => TaskOf(run, pair.node, pair.index, now))];

    private static TaskRecord TaskOf(RunRecord run, PlanNode node, int index, DateTimeOffset now) => new()
    {
        Id = RunIds.Child(run.Id, node.Key),
        RunId = run.Id,
        Key = node.Key,
        Title = node.Title,
        Phase = node.Phase,
        Ordinal = index * RunDefaults.OrdinalStep,
        Agent = node.Task!.Agent,
        Status = WorkStatus.Queued,
        CreatedAt = now,
        Weight = node.Weight,
        MaxAttempts = 1 + (node.Task.Options.MaxRetries ?? RunDefaults.MaxRetries),
        Mode = node.Task.Options.Mode ?? Definitions.ExecutionMode.Api,
    };
}
