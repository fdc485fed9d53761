using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

public enum ControlOutcome
{
    Done,
    NotFound,

    /// <summary>The run has ended; nothing was changed.</summary>
    Ended,
}

public sealed record ControlResult(ControlOutcome Outcome, RunRecord? Run);

/// <summary>Commands to runs. The row is changed first, then the orchestration is told; the keeper tells it again where that was lost.</summary>
public sealed class RunControl(IRunStore runs, IGateStore gates, IOrchestrationClient client, RunFork fork, RunLauncher launcher, TimeProvider time)
{
    /// <summary>Stops a run: running agents within 2 s, gates and waits at once, nothing starts any more.</summary>
    public async Task<ControlResult> CancelAsync(string runId, string? reason, Caller caller, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(
            runId,
            run => run with { CancelRequestedAt = run.CancelRequestedAt ?? time.GetUtcNow(), CancelReason = run.CancelReason ?? reason ?? $"Cancelled by {caller.User}." },
            EventData.Of(EventTypes.RunCancelRequested, null, "cancel-requested", new { caller.User, Reason = reason }),
            cancellationToken);
        if (result.Outcome == ControlOutcome.Done)
            await TellAsync(runId, new Envelope("cancel", EnvelopeKinds.Cancel), cancellationToken);
        return result;
    }

    /// <summary>Starts no new tasks until resumed; tasks that run go on.</summary>
    public async Task<ControlResult> PauseAsync(string runId, Caller caller, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(runId, static run => run with { PauseRequested = true }, null, cancellationToken);
        if (result.Outcome == ControlOutcome.Done)
            await TellAsync(runId, Command(EnvelopeKinds.Pause, caller), cancellationToken);
        return result;
    }

    public async Task<ControlResult> ResumeAsync(string runId, Caller caller, CancellationToken cancellationToken)
    {
        var result = await ChangeAsync(runId, static run => run with { PauseRequested = false }, null, cancellationToken);
        if (result.Outcome == ControlOutcome.Done)
            await TellAsync(runId, Command(EnvelopeKinds.Resume, caller), cancellationToken);
        return result;
    }

    /// <summary>Starts a new run that reuses the finished tasks of an earlier one. Null where there is no such run.</summary>
    public Task<LaunchResult?> RerunAsync(string runId, RerunRequest request, Caller caller, CancellationToken cancellationToken) =>
        RerunAsync(runId, request, caller, null, cancellationToken);

    /// <summary>The same; a request repeated under its idempotency key yields the run that it made first.</summary>
    public async Task<LaunchResult?> RerunAsync(
        string runId, RerunRequest request, Caller caller, Idempotency? idempotency, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        if (run is null)
            return null;
        var (forked, problems) = await fork.PrepareAsync(run, request, caller, cancellationToken);
        return forked is null
            ? LaunchResult.Invalid(problems)
            : (await launcher.AcceptAsync(forked.Run, forked.Tasks, caller, idempotency, cancellationToken)).WithTokens(forked.Callbacks);
    }

    /// <summary>
    /// Opens what the end of a failed run closed, where its orchestration was rewound and goes on: the run's row, which would say that it has
    /// ended until the orchestration tells of a change itself, and the rows of its gates, about which it would never hear again.
    /// </summary>
    public async Task ReopenAsync(string instanceId, CancellationToken cancellationToken)
    {
        var runId = RunIds.RunOf(instanceId) ?? instanceId;
        if (await runs.GetRunAsync(runId, cancellationToken) is not { MayGoOn: true } found
            || await client.GetInstanceAsync(runId, cancellation: cancellationToken) is not { } instance || instance.RuntimeStatus.IsTerminal())
            return;
        await runs.UpdateRunAsync(
            runId,
            new Change<RunRecord>(run => run.Status == WorkStatus.Failed && run.Revision == found.Revision ? RecordRun.Reopen(run) : run),
            cancellationToken);
        await foreach (var gate in gates.AllGatesAsync(new GateQuery { RunId = runId }, cancellationToken))
        {
            if (gate.ClosedWithRun)
                await GateClosing.ReopenAsync(gates, gate.Id, cancellationToken);
        }
    }

    /// <summary>Raises a command to a run's orchestration. One that has none yet reads the row when it starts.</summary>
    internal async Task TellAsync(string runId, Envelope envelope, CancellationToken cancellationToken)
    {
        try
        {
            if (await client.GetInstanceAsync(runId, cancellation: cancellationToken) is { RuntimeStatus: OrchestrationRuntimeStatus.Suspended })
                await client.ResumeInstanceAsync(runId, "A command arrived.", cancellationToken);
            await client.RaiseEventAsync(runId, Inbox.EventName, envelope, envelope.Id, cancellationToken);
        }
        catch (OrchestrationNotFoundException)
        {
            // Not started yet: the row says it.
        }
        catch (OrchestrationInvalidStateException)
        {
            // It has just ended.
        }
    }

    private static Envelope Command(string kind, Caller caller) =>
        Envelope.Create(Guid.NewGuid().ToString("N"), kind, new { caller.User });

    private async Task<ControlResult> ChangeAsync(string runId, Func<RunRecord, RunRecord> change, NewEvent? told, CancellationToken cancellationToken)
    {
        var after = await runs.UpdateRunAsync(
            runId, new Change<RunRecord>(run => run.Status.IsTerminal() ? run : change(run), Events: told is null ? [] : [told]), cancellationToken);
        return after switch
        {
            null => new ControlResult(ControlOutcome.NotFound, null),
            { Status: var status } when status.IsTerminal() => new ControlResult(ControlOutcome.Ended, after),
            _ => new ControlResult(ControlOutcome.Done, after),
        };
    }
}
