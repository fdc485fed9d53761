using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>A store as one process sees it, where one operation fails as planned.</summary>
/// <param name="recorded">Takes the results of activities that were committed.</param>
internal sealed class FaultyStore(IHistoryStore inner, FaultPlan plan, ConcurrentQueue<string> recorded) : IHistoryStore
{
    private volatile bool _dead;

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced) =>
        WriteAsync([displaced is null ? "start" : "restart"], () => inner.TryCreateAsync(instance, displaced));

    public Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null) => WriteAsync(CommitKinds.Of(commit), async () =>
    {
        var outcome = await inner.CommitAsync(commit, displaced);
        foreach (var done in commit.Step.Messages.OfType<TaskCompleted>()) recorded.Enqueue($"recorded {done.Result}");
        return outcome;
    });

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait) =>
        WriteAsync([CommitKinds.Of(message.Message)], () => inner.SendAsync(message, deliveryId, mayWait));

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) =>
        WriteAsync([reason is null ? "unblock" : "block"], () => inner.BlockAsync(record, reason));

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced) => WriteAsync(["rewind"], () => inner.RewindAsync(instances, displaced));

    public Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted) => WriteAsync(["purge"], () => inner.PurgeAsync(keys, deleted));

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) =>
        ReadAsync("find", () => inner.FindAsync(instanceId, cancellation));

    public Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) =>
        ReadAsync("load", () => inner.LoadAsync(instanceId, cancellation));

    public Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation) =>
        ReadAsync("list children", () => inner.ListChildrenAsync(key, cancellation));

    public Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation) =>
        ReadAsync("load inbox", () => inner.LoadInboxAsync(key, cancellation));

    public Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        ReadAsync("load ends", () => inner.LoadEndsAsync(record, input, last, cancellation));

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        ReadAsync("list", () => inner.ListAsync(query, afterKey, limit, cancellation));

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) =>
        ReadAsync("list what is ready", () => inner.ListReadyAsync(cancellation));

    public Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => inner.CountPendingAsync(cancellation);

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(DateTime after, DateTime until, CancellationToken cancellation) =>
        ReadAsync("list timers", () => inner.ListWakesAsync(after, until, cancellation));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<T> ReadAsync<T>(string kind, Func<Task<T>> read)
    {
        ThrowIfDead();
        if (plan.Strikes(isRead: true, [kind])) throw Strike();
        return await read();
    }

    private async Task<T> WriteAsync<T>(IEnumerable<string> kinds, Func<Task<T>> write)
    {
        ThrowIfDead();
        if (!plan.Strikes(isRead: false, kinds)) return await write();

        // A dying process asks for nothing more while its last write is on the way.
        _dead = plan.Dies;
        if (plan.Fault == Fault.AfterCommit) await write();
        throw Strike();
    }

    private IOException Strike()
    {
        _dead = plan.Dies;
        plan.Strike();
        return new IOException($"Failed on purpose: {string.Join(", ", plan.Kinds)}.");
    }

    private void ThrowIfDead()
    {
        if (_dead) throw new IOException("The process is dead.");
    }
}
