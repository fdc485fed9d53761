using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Recovery;

internal enum Fault
{
    /// <summary>The write fails, and nothing of it is kept.</summary>
    BeforeCommit,

    /// <summary>The write is kept, but whoever asked for it is told that it failed.</summary>
    AfterCommit,
}

/// <summary>A store whose k-th write fails; from then on nothing works (a crash), or everything does again (a hiccup).</summary>
internal sealed class FaultyStore(IHistoryStore inner, int failAt, Fault fault, bool crash, bool ownsInner = false) : IHistoryStore
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    /// <summary>Completes at the fault.</summary>
    public Task Failed => _failed.Task;

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, bool replaceFinished) => WriteAsync(() => inner.TryCreateAsync(instance, replaceFinished));

    public Task<CommitOutcome> CommitAsync(StepCommit commit) => WriteAsync(() => inner.CommitAsync(commit));

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, int maxPendingEvents) =>
        WriteAsync(() => inner.SendAsync(message, deliveryId, maxPendingEvents));

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) => WriteAsync(() => inner.BlockAsync(record, reason));

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances) => WriteAsync(() => inner.RewindAsync(instances));

    public Task<IReadOnlyList<string>> PurgeAsync(IReadOnlyList<long> keys) => WriteAsync(() => inner.PurgeAsync(keys));

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) => inner.FindAsync(instanceId, cancellation);

    public Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) => inner.LoadAsync(instanceId, cancellation);

    public Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        inner.LoadEndsAsync(record, input, last, cancellation);

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        inner.ListAsync(query, afterKey, limit, cancellation);

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => inner.ListReadyAsync(cancellation);

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(DateTime after, DateTime until, CancellationToken cancellation) =>
        inner.ListWakesAsync(after, until, cancellation);

    public ValueTask DisposeAsync() => ownsInner ? inner.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        var number = Interlocked.Increment(ref _writes);
        if (number == failAt)
        {
            if (fault == Fault.AfterCommit) await write();
            _failed.TrySetResult();
            throw new IOException($"Write {number} failed on purpose.");
        }

        if (crash && number > failAt) throw new IOException("The disk is gone.");
        return await write();
    }
}
