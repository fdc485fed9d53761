using System.Globalization;
using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>The context that orchestrator code sees: it turns calls into decisions.</summary>
internal sealed class ReplayContext(ExecutionScope scope) : OrchestrationContext
{
    private int _guids;

    public override string Name => scope.Identity.Name;

    public override string InstanceId => scope.Identity.InstanceId;

    public override string? ParentInstanceId => scope.Identity.ParentInstanceId;

    public override string Version => scope.Identity.Version;

    public override DateTime CurrentUtcDateTime => scope.Time;

    public override bool IsReplaying => scope.Journal.IsReplaying;

    public override T? GetInput<T>()
        where T : default => scope.Converter.Deserialize<T>(scope.Input);

    public override Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(name);
        var json = scope.Converter.Serialize(input, "The input of activity", name);
        return options?.Retry is { } policy ? RetryAsync(policy, Call) : Call();

        Task<TResult> Call()
        {
            var queueing = options as ActivityOptions;
            var id = scope.Journal.NextId();
            return Await<TResult>(id, name, new ActivityScheduled(id, name, json, queueing?.Priority ?? ActivityPriority.Normal, queueing?.ConcurrencyKey));
        }
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(name);
        var child = options as SubOrchestrationOptions;
        if (child?.InstanceId is { } given) InstanceIds.Check(given);
        var json = scope.Converter.Serialize(input, "The input of orchestration", name);
        return options?.Retry is { } policy ? RetryAsync(policy, Call) : Call();

        Task<TResult> Call()
        {
            var id = scope.Journal.NextId();
            return Await<TResult>(id, name, new ChildStarted(id, name, child?.Version ?? Version, child?.InstanceId ?? ChildId(id), json));
        }
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        EnsureOwnThread();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        var due = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        var id = scope.Journal.NextId();
        scope.Journal.Add(new TimerCreated(id, due));
        var timer = new PendingTask<object?>(scope.Converter);
        scope.Pending.Add(id, ("timer", timer));
        timer.Registration = cancellationToken.Register(() =>
        {
            if (!IsOnOwnThread() || !scope.Pending.Remove(id)) return;
            scope.Journal.Add(new TimerCancelled(id));
            timer.Cancel(cancellationToken);
        });
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var waiter = new PendingTask<T>(scope.Converter);
        if (cancellationToken.IsCancellationRequested)
        {
            waiter.Cancel(cancellationToken);
        }
        else if (scope.Events.TryReceive(eventName, out var payload))
        {
            waiter.Complete(payload);
        }
        else
        {
            var stopWaiting = scope.Events.Wait(eventName, waiter);
            waiter.Registration = cancellationToken.Register(() =>
            {
                if (IsOnOwnThread() && stopWaiting()) waiter.Cancel(cancellationToken);
            });
        }

        return waiter.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object? payload = null)
    {
        EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        InstanceIds.Check(instanceId);
        scope.Journal.Add(new EventSent(instanceId, eventName, scope.Converter.Serialize(payload, "The payload of event", eventName)));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        EnsureOwnThread();
        var json = scope.Converter.Serialize(customStatus, "The custom status");
        CustomStatusLimit.Check(json);
        scope.CustomStatus = json;
        scope.HasSetCustomStatus = true;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        EnsureOwnThread();
        scope.NextExecution = (scope.Converter.Serialize(newInput, "The input of the next execution"), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        EnsureOwnThread();
        return ReplayableGuid.Create(scope.Identity, ++_guids);
    }

    public override ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(scope.Loggers.CreateLogger(categoryName), () => scope.Journal.IsReplaying);

    private Task<T> Await<T>(int id, string name, Decision decision)
    {
        scope.Journal.Add(decision);
        var task = new PendingTask<T>(scope.Converter);
        scope.Pending.Add(id, (name, task));
        return task.Task;
    }

    private async Task<T> RetryAsync<T>(RetryPolicy policy, Func<Task<T>> call)
    {
        var firstAttemptAt = CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? delay;
            try
            {
                return await call();
            }
            catch (TaskFailedException)
            {
                delay = RetrySchedule.DelayAfter(policy, attempt, firstAttemptAt, CurrentUtcDateTime);
                if (delay is null) throw;
            }

            await CreateTimer(delay.Value, CancellationToken.None);
            if (!IsReplaying) scope.Retries++;
        }
    }

    private string ChildId(int taskId) => string.Create(CultureInfo.InvariantCulture, $"{InstanceId}:{scope.Identity.Execution:x}.{taskId:x}");

    private void EnsureOwnThread()
    {
        if (!IsOnOwnThread()) throw new IllegalAwaitException("used its context on a foreign thread");
    }

    private bool IsOnOwnThread()
    {
        if (scope.Loop.IsCurrent) return true;
        scope.Loop.ReportForeignThread();
        return false;
    }
}
