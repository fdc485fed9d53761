using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests;

/// <summary>A store in front of another; a test overrides what it wants to watch or to hold up.</summary>
internal abstract class DelegatingStore(IHistoryStore inner) : IHistoryStore
{
    public virtual Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced) => inner.TryCreateAsync(instance, displaced);

    public virtual Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null) => inner.CommitAsync(commit, displaced);

    public virtual Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait) =>
        inner.SendAsync(message, deliveryId, mayWait);

    public virtual Task<bool> BlockAsync(InstanceRecord record, string? reason) => inner.BlockAsync(record, reason);

    public virtual Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced) => inner.RewindAsync(instances, displaced);

    public virtual Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted) => inner.PurgeAsync(keys, deleted);

    public virtual Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) => inner.FindAsync(instanceId, cancellation);

    public virtual Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) => inner.LoadAsync(instanceId, cancellation);

    public virtual Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation) => inner.LoadInboxAsync(key, cancellation);

    public virtual Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation) => inner.ListChildrenAsync(key, cancellation);

    public virtual Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        inner.LoadEndsAsync(record, input, last, cancellation);

    public virtual Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        inner.ListAsync(query, afterKey, limit, cancellation);

    public virtual Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => inner.ListReadyAsync(cancellation);

    public virtual Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => inner.CountPendingAsync(cancellation);

    public virtual Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(
        DateTime after, DateTime until, CancellationToken cancellation) => inner.ListWakesAsync(after, until, cancellation);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
