using System.Globalization;
using Microsoft.Extensions.Logging;
using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Following;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// Sets right what a crash between two writes can leave: rows without an orchestration, commands and decisions that did not arrive, rows
/// that a terminated orchestration left open, cancels that nobody obeyed. Each pass is idempotent.
/// </summary>
public sealed partial class Keeper(
    IRunStore runs, IGateStore gates, IOrchestrationClient client, RunLauncher launcher, RunControl control, DeliveryOutbox outbox, ResultGates results,
    EventFollower follower, TimeProvider time, ILogger<Keeper> logger)
{
    /// <summary>Rows younger than this are left to the request that makes them: 10 s.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>A cancel that has not ended its run after this is carried out by force: 30 s.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(30);

    private const int MaxCommands = 500;

    private static readonly WorkStatus[] Open = [WorkStatus.Queued, WorkStatus.Waiting, WorkStatus.Running, WorkStatus.Retrying, WorkStatus.Paused];

    /// <summary>What a minute can leave behind: launches without an orchestration, commands and decisions that were not taken in.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var launched = runs.AllRunsAsync(new RunQuery { Statuses = [WorkStatus.Queued], CreatedTo = now - Grace }, cancellationToken);
        await foreach (var run in launched)
            await KeepSafelyAsync(run, now, cancellationToken);
        foreach (var run in await runs.ListUnobeyedAsync(MaxCommands, cancellationToken))
            await KeepSafelyAsync(run, now, cancellationToken);
        await DeliverAsync(cancellationToken);
        await outbox.KeepAsync(cancellationToken);
        await follower.RetryAsync(cancellationToken);
    }

    /// <summary>Compares everything that has not ended with its orchestration: at start-up, and now and then.</summary>
    public async Task FullPassAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var run in runs.AllRunsAsync(new RunQuery { Statuses = Open }, cancellationToken))
            await KeepSafelyAsync(run, now, cancellationToken);
        await PassAsync(cancellationToken);
    }

    /// <summary>Waits up to 2 s for the end of an orchestration that was told to end, then brings its run's rows in line with it.</summary>
    public async Task SettleAsync(string instanceId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await client.WaitForInstanceCompletionAsync(instanceId, cancellation: either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // It takes longer; a full pass finds it.
        }

        await ReconcileAsync(RunIds.RunOf(instanceId) ?? instanceId, cancellationToken);
    }

    /// <summary>Brings one run's rows in line with its orchestration.</summary>
    public async Task ReconcileAsync(string runId, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(runId, cancellationToken) is { } run && !run.Status.IsTerminal())
            await KeepAsync(run, time.GetUtcNow(), cancellationToken);
    }

    private async Task KeepSafelyAsync(RunRecord run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(run, now, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, run.Id, e);
        }
    }

    private async Task KeepAsync(RunRecord run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(run.Id, cancellation: cancellationToken);
        if (instance is null && run.Status == WorkStatus.Queued)
            await ReviveAsync(run.Id, cancellationToken);
        else if (instance is null || instance.RuntimeStatus.IsTerminal())
            await CloseAsync(run.Id, isTerminated: false, cancellationToken);
        else if (run.CancelRequested)
            await PressAsync(run, now, cancellationToken);
        else if (run.PauseRequested != (run.Status == WorkStatus.Paused) && run.Status is WorkStatus.Running or WorkStatus.Waiting or WorkStatus.Paused)
            await RemindAsync(run, run.PauseRequested ? EnvelopeKinds.Pause : EnvelopeKinds.Resume, cancellationToken);
        await NoteAsync(run, instance, cancellationToken);
    }

    private async Task ReviveAsync(string runId, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(runId, cancellationToken) is not { Status: WorkStatus.Queued })
            return;
        LogRevived(logger, runId);
        await launcher.StartAsync(runId, cancellationToken);
    }

    /// <summary>A command that did not arrive is raised again, once for each state in which the run is found: a run can be paused for long before its start.</summary>
    private Task RemindAsync(RunRecord run, string kind, CancellationToken cancellationToken) =>
        control.TellAsync(run.Id, new Envelope(string.Create(CultureInfo.InvariantCulture, $"keeper-{kind}-{run.Revision}"), kind), cancellationToken);

    /// <summary>A cancel that did not arrive is raised again; after the grace the whole tree is terminated.</summary>
    private async Task PressAsync(RunRecord run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - run.CancelRequestedAt < CancelGrace)
        {
            await control.TellAsync(run.Id, new Envelope("cancel", EnvelopeKinds.Cancel), cancellationToken);
            return;
        }

        LogForced(logger, run.Id);
        try
        {
            await client.TerminateInstanceAsync(run.Id, run.CancelReason ?? "Cancelled.", cancellationToken);
        }
        catch (Exception e) when (e is OrchestrationInvalidStateException or OrchestrationNotFoundException)
        {
            // It has ended in the meantime.
        }

        await CloseAsync(run.Id, isTerminated: true, cancellationToken);
    }

    /// <summary>The orchestration has ended without saying so to the rows: it was terminated from outside, or it broke.</summary>
    /// <param name="isTerminated">It was told to end, though it need not have done so yet.</param>
    private async Task CloseAsync(string runId, bool isTerminated, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(runId, getInputsAndOutputs: true, cancellationToken);
        if (!isTerminated && instance?.RuntimeStatus.IsTerminal() == false)
            return;

        // Read after the instance, whose end tells the row first.
        if (await runs.GetRunAsync(runId, cancellationToken) is not { } run || run.Status.IsTerminal())
            return;
        var status = instance?.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? WorkStatus.Failed : WorkStatus.Cancelled;
        var message = instance?.FailureDetails?.ErrorMessage ?? instance?.SerializedOutput
            ?? (instance is null ? "The run had begun, but its orchestration is gone: it was purged. Rerun it." : "The orchestration was terminated.");
        var failure = new Failure(status == WorkStatus.Failed ? FailureKinds.Internal : FailureKinds.Cancelled, message.Shorten(500));

        // What has failed has nothing on the way and may be rewound. What was terminated may have, and that must come too late.
        long? revision = status == WorkStatus.Failed ? null : long.MaxValue;
        await new RecordRun(runs, gates, time).RunAsync(
            new ActivityContext(nameof(RecordRun), runId, cancellationToken),
            new RunChange { RunId = runId, Revision = revision, ClosedAfter = run.Revision, Status = status, Error = failure });
        await control.ReopenAsync(runId, cancellationToken);
    }

    private async Task NoteAsync(RunRecord run, OrchestrationMetadata? instance, CancellationToken cancellationToken)
    {
        var attention = instance?.BlockedReason
            ?? (instance?.RuntimeStatus == OrchestrationRuntimeStatus.Suspended ? "The orchestration is suspended; resume it to go on." : null);
        if (attention != run.Attention)
            await runs.UpdateRunAsync(run.Id, new Change<RunRecord>(stored => stored with { Attention = attention }), cancellationToken);
    }

    /// <summary>Decisions whose orchestration has not taken them in are told again.</summary>
    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        await foreach (var gate in gates.AllGatesAsync(new GateQuery { Unacknowledged = true }, cancellationToken))
            await (gate.Question?.Kind == QuestionKind.Result
                ? results.DeliverAsync(gate, cancellationToken)
                : control.TellAsync(gate.Id, new Envelope($"keeper-{gate.Status}", EnvelopeKinds.Gate), cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} had a row but no orchestration; it is started now")]
    private static partial void LogRevived(ILogger logger, string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} did not obey its cancel within 30 s; its orchestrations are terminated")]
    private static partial void LogForced(ILogger logger, string runId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The keeper could not look after run {RunId}; the next pass tries again")]
    private static partial void LogFailed(ILogger logger, string runId, Exception exception);
}
