using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Reads what the run's orchestration needs: the plan without prompts and agents, options, and tasks finished in an earlier run.</summary>
public sealed class LoadRun(IRunStore runs, PlanCache plans) : Activity<RunInput, LoadedRun?>
{
    public override async Task<LoadedRun?> RunAsync(ActivityContext context, RunInput input)
    {
        var run = await runs.GetRunAsync(input.RunId, context.CancellationToken);
        if (run is null)
            return null;
        var plan = await plans.GetAsync(run.Plan, context.CancellationToken);
        return new LoadedRun
        {
            Plan = Skeleton(plan),
            PlanRef = run.Plan,
            Options = Bounds(run),
            StartAt = run.StartAt?.UtcDateTime,
            CancelRequested = run.CancelRequested,
            PauseRequested = run.PauseRequested,
            Finished = run.ForkedFrom is null ? new Dictionary<string, NodeOutcome>() : await ReusedAsync(plan, run.Id, context.CancellationToken),
        };
    }

    /// <summary>
    /// The timeout of a single task bounds each attempt, not the run: its retries have their own time. Histories are shown to readers, who
    /// do not see the addresses that others gave.
    /// </summary>
    private static RunOptions Bounds(RunRecord run) =>
        run.Options with { Timeout = run.Kind == RunKind.Task ? null : run.Options.Timeout, CallbackUrl = null };

    private static Plan Skeleton(Plan plan) => plan with
    {
        Agents = new Dictionary<string, Agents.AgentDefinition>(),
        Inputs = [],
        Nodes = [.. plan.Nodes.Select(static node => node with { Task = null })],
    };

    private async Task<Dictionary<string, NodeOutcome>> ReusedAsync(Plan plan, string runId, CancellationToken cancellationToken)
    {
        var keys = plan.Nodes.Select(static node => node.Key).ToHashSet(StringComparer.Ordinal);
        var reused = new Dictionary<string, NodeOutcome>(StringComparer.Ordinal);
        await foreach (var task in runs.AllTasksAsync(runId, cancellationToken))
        {
            if (task.ReusedFrom is not null && keys.Contains(task.Key))
                reused[task.Key] = new NodeOutcome(task.Status);
        }

        foreach (var gate in plan.Nodes.Where(node => node.Kind is PlanNodeKind.Gate or PlanNodeKind.Delay && IsPassed(plan, node, reused)))
            reused[gate.Key] = new NodeOutcome(WorkStatus.Completed);
        return reused;
    }

    /// <summary>A gate was passed where something that waited for it has been reused.</summary>
    private static bool IsPassed(Plan plan, PlanNode gate, Dictionary<string, NodeOutcome> reused) =>
        plan.Nodes.Any(node => reused.ContainsKey(node.Key) && node.Needs.Contains(gate.Key, StringComparer.Ordinal));
}

/// <summary>A run as its orchestration sees it.</summary>
public sealed record LoadedRun
{
    public required Plan Plan { get; init; }

    public required ArtifactRef PlanRef { get; init; }

    public required RunOptions Options { get; init; }

    public DateTime? StartAt { get; init; }

    public bool CancelRequested { get; init; }

    public bool PauseRequested { get; init; }

    /// <summary>Nodes whose outcome an earlier run has left.</summary>
    public required IReadOnlyDictionary<string, NodeOutcome> Finished { get; init; }
}
