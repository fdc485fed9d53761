namespace Troupe.Core.Records;

/// <summary>The append-only log that event streams, timelines, notifications and webhooks read.</summary>
public interface IEventLog
{
    Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken);

    /// <summary>Events of a run after a sequence number, oldest first.</summary>
    Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken);

    /// <summary>Events of all runs after a position, oldest first. A reader that follows positions misses nothing.</summary>
    Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken);

    /// <summary>The position of the newest event; 0 where there is none.</summary>
    Task<long> GetLastPositionAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Completes when an event may have been stored (of that run, or of any where it is null) since the call before; spurious wake-ups
    /// happen. A reader takes the signal first, reads, then awaits it, so that nothing is missed.
    /// </summary>
    Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken);
}
