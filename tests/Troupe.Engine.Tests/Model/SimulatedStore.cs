using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;
using Troupe.Engine.Tests.Recovery;

namespace Troupe.Engine.Tests.Model;

/// <summary>
/// A store as one simulated process sees it: every operation takes its turn among all that goes on, and a write can be made to fail. When
/// the process dies, what had not had its turn was never written.
/// </summary>
internal sealed class SimulatedStore(IHistoryStore inner, Pump pump) : IHistoryStore
{
    private int _failAt;
    private Fault _fault;

    /// <summary>The k-th write from now fails.</summary>
    public void Fail(int k, Fault fault) => (_failAt, _fault) = (k, fault);

    public void FailNoMore() => _failAt = 0;

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced) =>
        WriteAsync(() => inner.TryCreateAsync(instance, displaced));

    public Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null) => WriteAsync(() => inner.CommitAsync(commit, displaced));

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait) =>
        WriteAsync(() => inner.SendAsync(message, deliveryId, mayWait));

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) => WriteAsync(() => inner.BlockAsync(record, reason));

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced) => WriteAsync(() => inner.RewindAsync(instances, displaced));

    public Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted) => WriteAsync(() => inner.PurgeAsync(keys, deleted));

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) =>
        InTurnAsync(() => inner.FindAsync(instanceId, cancellation));

    public Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) =>
        InTurnAsync(() => inner.LoadAsync(instanceId, cancellation));

    public Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation) =>
        InTurnAsync(() => inner.ListChildrenAsync(key, cancellation));

    public Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation) =>
        InTurnAsync(() => inner.LoadInboxAsync(key, cancellation));

    public Task<(string? Input, Engine.Replay.Step? Last)> LoadEndsAsync(
        InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        InTurnAsync(() => inner.LoadEndsAsync(record, input, last, cancellation));

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        InTurnAsync(() => inner.ListAsync(query, afterKey, limit, cancellation));

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => InTurnAsync(() => inner.ListReadyAsync(cancellation));

    public Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => InTurnAsync(() => inner.CountPendingAsync(cancellation));

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(
        DateTime after, DateTime until, CancellationToken cancellation) => InTurnAsync(() => inner.ListWakesAsync(after, until, cancellation));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> WriteAsync<T>(Func<Task<T>> write) => InTurnAsync(async () =>
    {
        var fails = _failAt > 0 && --_failAt == 0;
        if (fails && _fault == Fault.BeforeCommit) throw new IOException("The disk failed before the commit.");
        var result = await write();
        return fails ? throw new IOException("The disk failed after the commit.") : result;
    });

    private Task<T> InTurnAsync<T>(Func<Task<T>> operation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.Add(async () =>
        {
            // The pump waits for this, so nothing may wait for the pump.
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                result.SetResult(await operation());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }
}
