using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Storage;

/// <summary>
/// Keeps instances, histories and inboxes. Each writing member is one transaction, durable when it returns; work that waits at the same
/// time may share one. Members throw what their medium throws where it fails; then nothing of the call was kept, or all of it. Lists that
/// take what a call deletes hold it even then.
/// </summary>
internal interface IHistoryStore : IAsyncDisposable
{
    /// <summary>Creates an instance and returns its record, or null where the id is taken.</summary>
    /// <param name="displaced">Where given, an instance of that id that has ended makes way; takes that and its descendants, which need not have ended.</param>
    Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced);

    /// <summary>
    /// Commits a step and returns what it did to other instances. What waits for an instance that has ended is dropped, but one that
    /// failed keeps its events and the delivery ids that it has seen, because it may be rewound.
    /// </summary>
    /// <param name="displaced">Takes what makes way for children.</param>
    /// <exception cref="StaleStepException">Nothing was committed.</exception>
    Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null);

    /// <summary>Puts a message into an inbox.</summary>
    /// <param name="deliveryId">Where the instance has seen it, the message is dropped.</param>
    /// <param name="mayWait">Of events, this one among them; of whatever size where it is the only one.</param>
    Task<SendResult> SendAsync(OutgoingMessage message, string? deliveryId, EventVolume mayWait);

    /// <summary>Records why an instance cannot go on, or with null that it can; false where it has changed since.</summary>
    Task<bool> BlockAsync(InstanceRecord record, string? reason);

    /// <summary>
    /// Replaces the histories of failed instances at once; false (and nothing done) where one has changed since, or a child that is
    /// awaited has ended.
    /// </summary>
    /// <param name="displaced">Takes what makes way for children that start afresh.</param>
    Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced);

    /// <summary>Deletes ended instances with all their descendants, which need not have ended; returns how many that were.</summary>
    /// <param name="deleted">Takes all of them.</param>
    Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted);

    Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellation);

    Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The messages that wait for an instance, but those that cannot be read.</summary>
    Task<IReadOnlyList<InboxMessage>> LoadInboxAsync(long key, CancellationToken cancellation);

    /// <summary>The ids of the unfinished instances that an instance has started: those that its history says are open, whether that can be read or not.</summary>
    Task<IReadOnlyList<string>> ListChildrenAsync(long key, CancellationToken cancellation);

    /// <summary>The input of the current execution, and its last step where it has ended.</summary>
    Task<(string? Input, Step? Last)> LoadEndsAsync(InstanceRecord record, bool input, bool last, CancellationToken cancellation);

    /// <summary>Instances in the order of their keys, after the given one.</summary>
    Task<IReadOnlyList<InstanceRecord>> ListAsync(OrchestrationQuery query, long afterKey, int limit, CancellationToken cancellation);

    /// <summary>Instances that have something to do whatever the time: messages, a start, or open activities, or that are blocked.</summary>
    Task<IReadOnlyList<string>> ListReadyAsync(CancellationToken cancellation);

    /// <summary>Counts what is unfinished; its cost does not depend on what is finished.</summary>
    Task<PendingWork> CountPendingAsync(CancellationToken cancellation);

    /// <summary>Instances to be woken in the given time span, from exclusive, to inclusive.</summary>
    Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> ListWakesAsync(DateTime after, DateTime until, CancellationToken cancellation);

    /// <inheritdoc cref="IStoreHealth.CheckWritesAsync"/>
    Task<string?> CheckWritesAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);
}

internal enum SendOutcome
{
    Delivered,
    Duplicate,
    NotFound,
    Ended,
    TooManyPending,
}

/// <param name="Message">What was put into the inbox; null unless delivered.</param>
/// <param name="Status">The state of the instance; null where there is none.</param>
internal sealed record SendResult(SendOutcome Outcome, InboxMessage? Message, OrchestrationRuntimeStatus? Status)
{
    /// <summary>What waits already, where it was too much for this one.</summary>
    public EventVolume Waiting { get; init; }
}

/// <summary>A failed instance and what it becomes.</summary>
/// <param name="Before">The record of the failed instance.</param>
/// <param name="After">The record once rewound.</param>
/// <param name="Restarted">Children that start afresh, in place of ended ones that cannot be rewound.</param>
internal sealed record RewoundInstance(InstanceRecord Before, InstanceRecord After, Rewound Rewound, IReadOnlyList<NewInstance> Restarted)
{
    /// <summary>Children that go on by themselves and will tell what they come to, as long as they have not ended by now.</summary>
    public IReadOnlyList<long> Awaited { get; init; } = [];
}
