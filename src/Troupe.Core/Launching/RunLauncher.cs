using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Launching;

/// <summary>
/// Accepts runs: checks everything first, then writes the rows, then starts the orchestration. Once it has answered, the run is found by
/// every query and survives any crash; where the process dies between row and start, or the disk is full then,
/// the keeper starts it.
/// </summary>
public sealed class RunLauncher(
    IRunStore runs, IArtifactStore artifacts, PlanCache plans, IWorkflowCatalog workflows, PlanCompiler compiler, IOrchestrationClient client, TimeProvider time)
{
    private readonly LaunchPlanner _planner = new(workflows, compiler);

    public async Task<LaunchResult> LaunchAsync(Launch launch, Caller caller, Idempotency? idempotency, CancellationToken cancellationToken)
    {
        var planned = await _planner.PlanAsync(launch, cancellationToken);
        if (planned.Problems.Count > 0 || planned.Plan is null)
            return LaunchResult.Invalid(planned.Problems);
        var now = time.GetUtcNow();
        var id = launch.Id ?? RunIds.New(now);
        if (launch.Id is not null && await IsForeignAsync(id, cancellationToken))
            return LaunchResult.Invalid([new Problem($"'{id}' is the id of an orchestration that is no run. Choose another id.", "/id")]);
        var callbacks = CallbackTokens.Mint(planned.Plan);
        var run = (await DescribeAsync(id, planned, caller, now, cancellationToken)) with { Generation = launch.Generation, CallbackTokens = callbacks.Hashes };
        var accepted = await AcceptAsync(run, RunRows.TasksOf(run, planned.Plan, now), caller, idempotency, cancellationToken);
        return accepted.WithTokens(callbacks);
    }

    /// <summary>Writes the rows of a run made ready, and starts it.</summary>
    internal async Task<LaunchResult> AcceptAsync(
        RunRecord run, IReadOnlyList<TaskRecord> tasks, Caller caller, Idempotency? idempotency, CancellationToken cancellationToken)
    {
        var created = await runs.TryCreateAsync(
            new NewRun(
                run,
                tasks,
                [EventData.Of(EventTypes.RunQueued, null, "queued", new { run.Kind, run.Name, run.User, Tasks = tasks.Count })],
                idempotency is null ? null : $"{caller.User}:{idempotency.Key}",
                idempotency?.BodyHash),
            cancellationToken);
        var outcome = created.Outcome switch
        {
            CreateRunOutcome.Created => LaunchOutcome.Accepted,
            CreateRunOutcome.Repeated => LaunchOutcome.Repeated,
            CreateRunOutcome.KeyConflict => LaunchOutcome.KeyConflict,
            _ => LaunchOutcome.IdTaken,
        };
        if (outcome == LaunchOutcome.Accepted)
            await StartOrLeaveAsync(run.Id, cancellationToken);
        else if (outcome == LaunchOutcome.Repeated)
            tasks = await runs.AllTasksAsync(created.Run.Id, cancellationToken).Take(LaunchPlanner.MaxBatch).ToListAsync(cancellationToken);
        return new LaunchResult(outcome, created.Run, tasks, [], await EstimateAsync(tasks, cancellationToken));
    }

    /// <summary>The row is what accepts a run: where the engine's disk takes nothing now, the keeper starts it once that does.</summary>
    private async Task StartOrLeaveAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(runId, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // To refuse it now would be wrong: it is stored, and will run.
        }
    }

    /// <summary>Starts the orchestration of a run whose row is there. Starting it again is harmless.</summary>
    internal async Task StartAsync(string runId, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(WorkflowOrchestrator), new RunInput(runId), new StartOrchestrationOptions(runId), cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The keeper, or the same launch once more, was faster.
        }
    }

    private async Task<bool> IsForeignAsync(string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, cancellation: cancellationToken) is not null && await runs.GetRunAsync(id, cancellationToken) is null;

    private async Task<RunRecord> DescribeAsync(string id, PlannedLaunch planned, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var inputs = JsonSerializer.Serialize(planned.Inputs, TroupeJson.Options);
        return new RunRecord
        {
            Id = id,
            Kind = planned.Kind,
            Name = planned.Name,
            Status = WorkStatus.Queued,
            User = caller.User,
            CreatedAt = now,
            StartAt = planned.Options.StartAt ?? (planned.Options.StartAfter is { } after ? now + after : null),
            Options = planned.Options,
            Plan = await plans.PutAsync(planned.Plan!, cancellationToken),
            Inputs = await artifacts.ToContentAsync(inputs, cancellationToken, "application/json"),
            TaskCount = planned.Plan!.Nodes.Count(static node => node.Task is not null),
            Phases = [.. planned.Plan.Phases.Select(static phase => new PhaseRecord(phase.Id, phase.Title, phase.Weight))],
        };
    }

    /// <summary>For a single task its agent's median; for more, the longest of their agents' medians where every agent has one.</summary>
    private async Task<TimeSpan?> EstimateAsync(IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken)
    {
        TimeSpan? longest = null;
        foreach (var agent in tasks.Select(static task => task.Agent).Distinct(StringComparer.Ordinal))
        {
            if (agent is null || await runs.EstimateDurationAsync(agent, cancellationToken) is not { } estimate)
                return null;
            longest = longest is { } other && other > estimate ? other : estimate;
        }

        return longest;
    }
}
