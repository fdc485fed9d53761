using Microsoft.Extensions.Logging;
using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Activities;

/// <summary>
/// Knows every call that is queued or running in this process, runs them within the limits, and reports each outcome. A call that it
/// knows already is not taken twice.
/// </summary>
internal sealed class ActivityDispatcher(
    ActivitySlots slots,
    ActivityExecutor executor,
    TimeProvider time,
    WorkScheduler scheduler,
    ILogger logger,
    Action<ActivityCall, Message> report)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Dictionary<(int Execution, int TaskId), ActivityRun>> _known = [];
    private readonly long _start = time.GetTimestamp();
    private TaskCompletionSource? _drained;
    private bool _stopping;

    public int Running
    {
        get
        {
            lock (_gate) return slots.Running;
        }
    }

    public int Waiting
    {
        get
        {
            lock (_gate) return slots.Waiting;
        }
    }

    public int WaitingOf(ActivityPriority priority)
    {
        lock (_gate) return slots.WaitingOf(priority);
    }

    public void Dispatch(IEnumerable<ActivityCall> calls)
    {
        var now = time.GetElapsedTime(_start);
        lock (_gate)
        {
            if (_stopping) return;
            foreach (var call in calls) Add(call, now);
            StartWhatMayRun();
        }
    }

    /// <summary>Whether the call is queued or running. If it is being cancelled, it runs again once it has ended without an outcome.</summary>
    public bool Keep(ActivityCall call)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(call.InstanceKey, out var runs) || !runs.TryGetValue(call.Id, out var run)) return false;
            run.RunAgain |= run.IsBeingCancelled;
            return true;
        }
    }

    /// <summary>Takes an instance's calls out of the queue and cancels those that run.</summary>
    public void Cancel(long instanceKey)
    {
        List<CancellationTokenSource> running = [];
        lock (_gate)
        {
            if (!_known.TryGetValue(instanceKey, out var runs)) return;
            foreach (var run in runs.Values.ToList())
            {
                (run.RunAgain, run.IsBeingCancelled) = (false, true);
                if (run.State == ActivityRunState.Running) running.Add(run.Cancellation);
                else Remove(run);
            }

            StartWhatMayRun();
        }

        CancelAll(running);
    }

    /// <summary>Starts no more calls, cancels those that run, and completes when the last has ended.</summary>
    public Task StopAsync()
    {
        List<CancellationTokenSource> running;
        Task drained;
        lock (_gate)
        {
            _stopping = true;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (slots.Running == 0) _drained.TrySetResult();
            drained = _drained.Task;
            running = [.. _known.Values.SelectMany(static runs => runs.Values)
                .Where(static run => run.State == ActivityRunState.Running).Select(static run => run.Cancellation)];
        }

        CancelAll(running);
        return drained;
    }

    private void CancelAll(List<CancellationTokenSource> running)
    {
        // Not inline: what is registered with the token is code of activities.
        foreach (var cancellation in running) scheduler(new CancellationWork(cancellation, logger));
    }

    private void Add(ActivityCall call, TimeSpan now)
    {
        if (!_known.TryGetValue(call.InstanceKey, out var runs)) _known.Add(call.InstanceKey, runs = []);
        var run = new ActivityRun(call);
        if (runs.TryAdd(call.Id, run)) slots.Of(run).Add(run, now);
    }

    private void StartWhatMayRun()
    {
        while (!_stopping && slots.TryTake() is { } run)
        {
            run.Begun = time.GetElapsedTime(_start);
            run.State = ActivityRunState.Running;
            scheduler(new ActivityWork(this, run));
        }
    }

    private async Task RunAsync(ActivityRun run)
    {
        var outcome = await executor.RunAsync(run.Call, run.Cancellation.Token);
        lock (_gate)
        {
            // Reported and forgotten at once, so that at any instant a call is either known here, or its outcome is at its instance.
            if (outcome is not null) report(run.Call, outcome);
            var now = time.GetElapsedTime(_start);
            slots.Of(run).Release(run, now - run.Begun);
            if (outcome is null && run.RunAgain)
            {
                run.Renew();
                slots.Of(run).Add(run, now);
            }
            else
            {
                Forget(run);
            }

            StartWhatMayRun();
            if (_stopping && slots.Running == 0) _drained?.TrySetResult();
        }
    }

    private void Remove(ActivityRun run)
    {
        run.State = ActivityRunState.Removed;
        slots.Of(run).Removed(run);
        Forget(run);
    }

    private void Forget(ActivityRun run)
    {
        var runs = _known[run.Call.InstanceKey];
        runs.Remove(run.Call.Id);
        if (runs.Count == 0) _known.Remove(run.Call.InstanceKey);
    }

    private sealed class ActivityWork(ActivityDispatcher dispatcher, ActivityRun run) : IThreadPoolWorkItem
    {
        public void Execute() => _ = dispatcher.RunAsync(run);
    }

    private sealed class CancellationWork(CancellationTokenSource source, ILogger logger) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                source.Cancel();
            }
            // What activities do when they are cancelled is theirs to get right; it must harm nobody else.
            catch (AggregateException exception)
            {
                logger.CancellationCallbackFailed(exception);
            }
        }
    }
}
