using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>A store that loads an instance only once the test lets it, and some never.</summary>
internal sealed class GatedStore(IHistoryStore inner, params string[] broken) : IHistoryStore
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public void Open(string instanceId) => Gate(instanceId).TrySetResult();

    public async Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation)
    {
        await Gate(instanceId).Task.WaitAsync(cancellation);
        return broken.Contains(instanceId) ? throw new InvalidDataException("It cannot be read.") : await inner.LoadAsync(instanceId, cancellation);
    }

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, bool replaceFinished) => inner.TryCreateAsync(instance, replaceFinished);

    public Task<CommitOutcome> CommitAsync(StepCommit commit) => inner.CommitAsync(commit);

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, int maxPendingEvents) =>
        inner.SendAsync(message, deliveryId, maxPendingEvents);

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) => inner.BlockAsync(record, reason);

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances) => inner.RewindAsync(instances);

    public Task<IReadOnlyList<string>> PurgeAsync(IReadOnlyList<long> keys) => inner.PurgeAsync(keys);

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) => inner.FindAsync(instanceId, cancellation);

    public Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        inner.LoadEndsAsync(record, input, last, cancellation);

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        inner.ListAsync(query, afterKey, limit, cancellation);

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => inner.ListReadyAsync(cancellation);

    public Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => inner.CountPendingAsync(cancellation);

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(DateTime after, DateTime until, CancellationToken cancellation) =>
        inner.ListWakesAsync(after, until, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private TaskCompletionSource Gate(string instanceId) =>
        _gates.GetOrAdd(instanceId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
