using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Writes a change of a run, with its events, to the records.</summary>
public sealed class RecordRun(IRunStore runs, IGateStore gates, TimeProvider time) : Activity<RunChange, bool>
{
    public override async Task<bool> RunAsync(ActivityContext context, RunChange change)
    {
        var now = time.GetUtcNow();
        if (change.Skipped.Count > 0)
            await SkipAsync(change, now, context.CancellationToken);
        var usage = Usage.None;
        if (change.Status?.IsTerminal() == true)
        {
            usage = await CloseTasksAsync(change, now, context.CancellationToken);
            await CloseGatesAsync(change.RunId, now, context.CancellationToken);
        }

        await runs.UpdateRunAsync(
            change.RunId,
            new Change<RunRecord>(run => Apply(run, change, usage, now), change.Revision, [.. EventsOf(change)]),
            context.CancellationToken);
        return true;
    }

    /// <summary>An orchestration that had failed was rewound and goes on: what its end had closed is open again.</summary>
    internal static RunRecord Reopen(RunRecord run) => run with
    {
        Status = WorkStatus.Running,
        CompletedAt = null,
        Error = null,
        Phases = [.. run.Phases.Select(phase => phase.Status == WorkStatus.Cancelled && phase.CompletedAt == run.CompletedAt
            ? phase with { Status = phase.StartedAt is null ? WorkStatus.Queued : WorkStatus.Running, CompletedAt = null }
            : phase)],
    };

    private static RunRecord Apply(RunRecord run, RunChange change, Usage usage, DateTimeOffset now)
    {
        if (change.Revision is null && (run.Status.IsTerminal() || run.Revision != change.ClosedAfter))
            return run;
        var ended = change.Status?.IsTerminal() == true;
        if (run.Status.IsTerminal())
            run = Reopen(run);
        return run with
        {
            Status = change.Status ?? run.Status,
            StartedAt = run.StartedAt ?? (change.Status is WorkStatus.Running or WorkStatus.Paused ? now : null),
            CompletedAt = ended ? now : run.CompletedAt,
            Error = change.Error ?? change.Stop ?? run.Error,
            CancelRequestedAt = run.CancelRequestedAt ?? (change.Stop is null ? null : now),
            CancelReason = run.CancelReason ?? change.Stop?.Message,
            Phases = [.. run.Phases.Select(phase => Apply(phase, change, ended, now))],
            Usage = ended ? usage : run.Usage,
        };
    }

    private static PhaseRecord Apply(PhaseRecord phase, RunChange change, bool runEnded, DateTimeOffset now)
    {
        if (change.BegunPhases.Contains(phase.Id, StringComparer.Ordinal))
            phase = phase with { Status = WorkStatus.Running, StartedAt = now };
        if (change.EndedPhases.FirstOrDefault(ended => ended.Id == phase.Id) is { } end)
            phase = phase with { Status = end.Status, CompletedAt = now };
        if (runEnded && !phase.Status.IsTerminal())
            phase = phase with { Status = change.Status == WorkStatus.Completed ? WorkStatus.Skipped : WorkStatus.Cancelled, CompletedAt = now };
        return phase;
    }

    private static IEnumerable<NewEvent> EventsOf(RunChange change)
    {
        var key = System.Globalization.CultureInfo.InvariantCulture;
        foreach (var told in change.EndedPhases.Where(phase => !change.BegunPhases.Contains(phase.Id, StringComparer.Ordinal)).SelectMany(Ended))
            yield return told;
        foreach (var phase in change.BegunPhases)
            yield return EventData.Of(EventTypes.PhaseStarted, null, $"phase-started:{phase}", new { Phase = phase });
        foreach (var told in change.EndedPhases.Where(phase => change.BegunPhases.Contains(phase.Id, StringComparer.Ordinal)).SelectMany(Ended))
            yield return told;
        if (change.Stop is { } stop)
            yield return EventData.Of(EventTypes.RunCancelRequested, null, "stop", new { Reason = stop.Message });
        var type = change.Told ?? change.Status switch
        {
            WorkStatus.Completed => EventTypes.RunCompleted,
            WorkStatus.Failed => EventTypes.RunFailed,
            WorkStatus.Cancelled => EventTypes.RunCancelled,
            _ => null,
        };
        var once = change.Revision is { } revision ? string.Create(key, $"run:{revision}") : string.Create(key, $"run:closed-after:{change.ClosedAfter}");
        if (type is not null)
            yield return EventData.Of(type, null, once, new { change.Status, Error = EventData.Brief(change.Error) });
    }

    private static IEnumerable<NewEvent> Ended(EndedPhase phase)
    {
        yield return EventData.Of(EventTypes.PhaseCompleted, null, $"phase-completed:{phase.Id}", new { Phase = phase.Id, phase.Status });
        if (phase.Milestone is { } milestone)
            yield return EventData.Of(EventTypes.MilestoneReached, null, $"milestone:{phase.Id}", new { Phase = phase.Id, Milestone = milestone });
    }

    private async Task SkipAsync(RunChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var skipped in change.Skipped.Where(static task => task.HasRecord))
            await CloseAsync(RunIds.Child(change.RunId, skipped.Key), WorkStatus.Skipped, skipped.Failure, now, cancellationToken);
    }

    /// <summary>What has not ended when its run does never will.</summary>
    /// <returns>What all of them have used.</returns>
    private async Task<Usage> CloseTasksAsync(RunChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var usage = Usage.None;
        await foreach (var task in runs.AllTasksAsync(change.RunId, cancellationToken))
        {
            var closed = task.Status.IsTerminal() ? task : await CloseAsync(task.Id, WorkStatus.Cancelled, change.Error, now, cancellationToken);
            usage = usage.Add((closed ?? task).Usage);
        }

        return usage;
    }

    private async Task CloseGatesAsync(string runId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var gate in gates.AllGatesAsync(new GateQuery { RunId = runId }, cancellationToken))
        {
            if (!gate.Acknowledged)
                await GateClosing.CloseWithRunAsync(gates, gate.Id, now, cancellationToken);
        }
    }

    private Task<TaskRecord?> CloseAsync(string taskId, WorkStatus status, Failure? failure, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var type = status == WorkStatus.Skipped ? EventTypes.TaskSkipped : EventTypes.TaskCancelled;
        return runs.UpdateTaskAsync(
            taskId,
            new Change<TaskRecord>(
                task => task.Status.IsTerminal() ? task : task with { Status = status, Error = failure, CompletedAt = now, NextRetryAt = null, CurrentStep = null },
                Events: EventData.Of(type, taskId, $"closed:{taskId}", new { Error = EventData.Brief(failure) })),
            cancellationToken);
    }
}

/// <summary>One change of a run. What is null or empty stays as it is.</summary>
public sealed record RunChange
{
    public string RunId { get; init; } = "";

    /// <summary>The orchestration's number of the change; null where it has failed and somebody else says so: rewound, it goes on with its numbers.</summary>
    public long? Revision { get; init; }

    /// <summary>Where the change has no number, that of the one before: a run that has gone on since, or ended, is left as it is.</summary>
    public long ClosedAfter { get; init; }

    public WorkStatus? Status { get; init; }

    /// <summary>The event that tells of a status that does not end the run; those that end it have their own.</summary>
    public string? Told { get; init; }

    public Failure? Error { get; init; }

    /// <summary>Why the run stops itself: running agents are to end.</summary>
    public Failure? Stop { get; init; }

    public IReadOnlyList<SkippedTask> Skipped { get; init; } = [];

    public IReadOnlyList<string> BegunPhases { get; init; } = [];

    public IReadOnlyList<EndedPhase> EndedPhases { get; init; } = [];
}
