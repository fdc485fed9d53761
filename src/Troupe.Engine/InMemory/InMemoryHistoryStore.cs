using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.InMemory;

/// <summary>Histories in memory, for tests and trials: gone with the process.</summary>
internal sealed class InMemoryHistoryStore : IHistoryStore
{
    private readonly Lock _gate = new();
    private readonly StoredInstances _instances = new();
    private long _lastSequence;

    public Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced) =>
        Locked(() => TryCreate(instance, _ => displaced is not null, displaced ?? []));

    public Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null) => Locked(() =>
    {
        if (_instances.FindUnchanged(commit.Before) is not { } stored || commit.Consumed.Any(sequence => !stored.Inbox.ContainsKey(sequence)))
            throw new StaleStepException(commit.Before.Id);
        foreach (var sequence in commit.Consumed) stored.Inbox.Remove(sequence);
        if (commit.StartsNextExecution) stored.History.Clear();
        else stored.History.Add(commit.Step);
        stored.Carried = commit.Carried;
        stored.Record = commit.After;
        if (commit.After.Status == OrchestrationRuntimeStatus.Failed) stored.KeepEvents();
        else if (commit.After.IsFinished) stored.ClearInbox();
        var delivered = new List<DeliveredMessage>();
        var started = StartChildren(commit.Children, delivered, displaced ?? []);
        foreach (var message in commit.Outgoing) Deliver(message, delivered);
        return new CommitOutcome(delivered, started);
    });

    public Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait) => Locked(() =>
    {
        if (_instances.Find(message) is not { } target) return new SendResult(SendOutcome.NotFound, null, null);
        var status = target.Record.Status;
        if (target.Record.IsFinished) return new SendResult(SendOutcome.Ended, null, status);
        if (deliveryId is not null && target.Deliveries.Contains(deliveryId)) return new SendResult(SendOutcome.Duplicate, null, status);
        if (message.Message is EventRaised raised && !mayWait.HasRoomFor(raised, target.Waiting))
            return new SendResult(SendOutcome.TooManyPending, null, status) { Waiting = target.Waiting };
        if (deliveryId is not null) target.Remember(deliveryId);
        return new SendResult(SendOutcome.Delivered, target.Receive(++_lastSequence, message.Message), status);
    });

    public Task<bool> BlockAsync(InstanceRecord record, string? reason) => Locked(() =>
    {
        if (_instances.FindUnchanged(record) is not { } stored) return false;
        stored.Record = stored.Record with { BlockedReason = reason };
        return true;
    });

    public Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced) => Locked(() =>
    {
        if (instances.Any(instance => _instances.Find(instance.Before.Key)?.Record != instance.Before)) return false;
        if (instances.SelectMany(static instance => instance.Awaited).Any(child => _instances.Find(child)?.Record is not { IsFinished: false })) return false;
        foreach (var (before, after, rewound, restarted) in instances)
        {
            var stored = _instances.Find(before.Key)!;
            stored.Record = after;
            stored.Carried = rewound.Carried;
            stored.History.Clear();
            stored.History.AddRange(rewound.History);
            StartChildren(restarted, [], displaced);
        }

        return true;
    });

    public Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted) => Locked(() =>
    {
        foreach (var key in keys)
        {
            if (_instances.Find(key)?.Record.IsFinished == true) _instances.RemoveTree(key, deleted);
        }

        return deleted.Count;
    });

    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation) =>
        Locked(() => _instances.Find(instanceId)?.Record);

    public Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation) =>
        Locked(() => _instances.Find(instanceId)?.Snapshot());

    public Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation) =>
        Locked<IReadOnlyList<InboxMessage>>(() => _instances.Find(key)?.Snapshot().Inbox ?? []);

    public Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation) => Locked<IReadOnlyList<string>>(() =>
        [.. _instances.ChildrenOf(key).Where(static child => !child.IsFinished).Select(static child => child.Id)]);

    public Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation) =>
        Locked(() =>
        {
            if (_instances.Find(record.Key) is not { } stored) return (null, null);
            return (input ? stored.Input : null, last ? stored.History.LastOrDefault() : null);
        });

    public Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation) =>
        Locked<IReadOnlyList<InstanceRecord>>(() =>
            [.. _instances.All.Where(stored => stored.Record.Key > afterKey && stored.Matches(query)).Select(static stored => stored.Record).Take(limit)]);

    public Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation) => Locked<IReadOnlyList<string>>(() =>
        [.. _instances.All.Where(static stored => stored.IsReady).Select(static stored => stored.Record.Id)]);

    public Task<PendingWork> CountPendingAsync(CancellationToken cancellation) => Locked(() =>
    {
        var unfinished = _instances.All.Where(static stored => !stored.Record.IsFinished).ToList();
        var wakes = unfinished.Count(static stored => stored.Record.WakeAt is not null);
        var activities = unfinished.Sum(static stored => stored.Record.OpenActivities);
        return new PendingWork(unfinished.Count, activities, wakes, unfinished.Sum(static stored => stored.Inbox.Count));
    });

    public Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(
        DateTime after, DateTime until, CancellationToken cancellation) => Locked<IReadOnlyList<(string, DateTime)>>(() =>
        [
            .. _instances.All.Where(stored => stored.Record.WakeAt > after && stored.Record.WakeAt <= until)
                .Select(static stored => (stored.Record.Id, stored.Record.WakeAt!.Value)),
        ]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private InstanceRecord? TryCreate(NewInstance instance, Func<InstanceRecord, bool> mayReplace, List<InstanceRecord> displaced)
    {
        if (_instances.Find(instance.Record.Id) is { } existing)
        {
            if (!existing.Record.IsFinished || !mayReplace(existing.Record)) return null;
            _instances.RemoveTree(existing.Record.Key, displaced);
        }

        var stored = _instances.Add(instance.Record);
        if (instance.First is { } first) stored.History.Add(first);
        else stored.Carried = [new ExecutionStarted(instance.Input)];
        return stored.Record;
    }

    private List<NewInstance> StartChildren(IReadOnlyList<NewInstance> children, List<DeliveredMessage> delivered, List<InstanceRecord> displaced)
    {
        var started = new List<NewInstance>(children.Count);
        foreach (var child in children)
        {
            if (TryCreate(child, existing => existing.Parent?.Key == child.Record.Parent!.Key, displaced) is { } created)
                started.Add(child with { Record = created });
            else
                Deliver(child.Refusal(), delivered);
        }

        return started;
    }

    private void Deliver(OutgoingMessage message, List<DeliveredMessage> delivered)
    {
        if (_instances.Find(message) is { Record.IsFinished: false } target)
            delivered.Add(new DeliveredMessage(target.Record.Id, target.Receive(++_lastSequence, message.Message)));
    }

    private Task<T> Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            try { return Task.FromResult(work()); }
            catch (StaleStepException exception) { return Task.FromException<T>(exception); }
        }
    }
}
