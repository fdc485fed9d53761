using System.Runtime.CompilerServices;
using Troupe.Core.Records;

namespace Troupe.Functions.Storage.Events;

/// <summary>
/// Reads the events of all runs in the order of the feed. It stops at a place whose events may still come. A place whose writer has been
/// silent for too long is given up: its run's head is replaced first, so that the writer, should it live, fails and takes another place.
/// </summary>
internal sealed class FeedReader(EventFeed feed, EventRows rows, TimeProvider time)
{
    private const int AtOnce = 16;

    /// <summary>Positions below the last one given out among which places without events are looked for.</summary>
    private const int Unsettled = 1_000;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    public async Task<List<RunEvent>> ReadAsync(long afterPosition, int limit, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        await foreach (var found in SettledAsync(afterPosition, limit, cancellationToken))
        {
            events.AddRange(found.Where(item => item.Position > afterPosition));
            if (events.Count >= limit) break;
        }

        return events.Count > limit ? events[..limit] : events;
    }

    /// <summary>The last position before which every event has come.</summary>
    public async Task<long> GetLastAsync(CancellationToken cancellationToken)
    {
        var last = await feed.GetLastAsync(cancellationToken);
        var recent = time.GetUtcNow() - Silence;
        await foreach (var entry in feed.ReadAsync(Math.Max(0, last - Unsettled), Unsettled, cancellationToken))
        {
            if (entry.LastPosition > last) break;
            if (entry.At >= recent && await FindAsync(entry, cancellationToken) is null) return entry.FirstPosition - 1;
        }

        return last;
    }

    /// <summary>The events of each entry after a position, up to the first whose events may still come.</summary>
    private async IAsyncEnumerable<IReadOnlyList<RunEvent>> SettledAsync(
        long afterPosition, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entries in feed.ReadAsync(afterPosition, limit, cancellationToken).Chunk(Math.Min(limit, AtOnce)))
        {
            var found = await Task.WhenAll(entries.Select(entry => SettleAsync(entry, cancellationToken)));
            foreach (var events in found)
            {
                if (events is null) yield break;
                yield return events;
            }
        }
    }

    /// <summary>The events of an entry, none where it was given up, null where they may still come.</summary>
    private async Task<IReadOnlyList<RunEvent>?> SettleAsync(FeedEntry entry, CancellationToken cancellationToken)
    {
        if (await FindAsync(entry, cancellationToken) is { } events) return events;
        if (time.GetUtcNow() - entry.At < Silence) return null;
        if (!await rows.TryFenceAsync(entry.RunId, entry.FirstSequence, cancellationToken)) return await FindAsync(entry, cancellationToken);
        await feed.ReleaseAsync(entry, cancellationToken);
        return [];
    }

    /// <summary>None where another transaction took the sequences: then this one can never be written. Null where nothing has them.</summary>
    private async Task<IReadOnlyList<RunEvent>?> FindAsync(FeedEntry entry, CancellationToken cancellationToken)
    {
        var events = await rows.ReadAsync(entry.RunId, entry.FirstSequence - 1, entry.Count, cancellationToken);
        if (events.Count == 0) return null;
        return events[0].Position == entry.FirstPosition ? events : [];
    }
}
