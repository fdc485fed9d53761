using System.Runtime.CompilerServices;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Events;

/// <summary>
/// Reads the events of all runs in the order of the feed. It stops at a place whose events may still come. A place whose writer has been
/// silent for too long is given up: its run's head is replaced first, so that the writer, should it live, fails and takes another place.
/// </summary>
internal sealed class FeedReader(EventFeed feed, EventRows rows, RecentEvents recent, TimeProvider time)
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
        var since = time.GetUtcNow() - Silence;
        await foreach (var entry in feed.ReadAsync(Math.Max(0, last - Unsettled), Unsettled, cancellationToken))
        {
            if (entry.LastPosition > last) break;
            if (entry.At >= since && (await FindAsync([entry], cancellationToken))[0] is null) return entry.FirstPosition - 1;
        }

        return last;
    }

    /// <summary>The events of each entry after a position, up to the first whose events may still come.</summary>
    private async IAsyncEnumerable<IReadOnlyList<RunEvent>> SettledAsync(
        long afterPosition, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entries in feed.ReadAsync(afterPosition, limit, cancellationToken).Chunk(Math.Min(limit, AtOnce)))
        {
            var found = await FindAsync(entries, cancellationToken);
            for (var index = 0; index < entries.Length; index++)
            {
                if ((found[index] ?? await GiveUpAsync(entries[index], cancellationToken)) is not { } events) yield break;
                yield return events;
            }
        }
    }

    /// <summary>None where an entry is given up, null where its events may still come. They may just have.</summary>
    private async Task<IReadOnlyList<RunEvent>?> GiveUpAsync(FeedEntry entry, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - entry.At < Silence) return null;
        if (!await rows.TryFenceAsync(entry.RunId, entry.FirstSequence, cancellationToken)) return (await FindAsync([entry], cancellationToken))[0];
        await feed.ReleaseAsync(entry, cancellationToken);
        return [];
    }

    /// <summary>
    /// The events of each entry, with one reading for each run. None where another transaction took the sequences: then this one can never be
    /// written. Null where nothing has them.
    /// </summary>
    private async Task<IReadOnlyList<RunEvent>?[]> FindAsync(IReadOnlyList<FeedEntry> entries, CancellationToken cancellationToken)
    {
        var found = entries.Select(recent.Find).ToArray();
        var missing = Enumerable.Range(0, entries.Count).Where(index => found[index] is null).GroupBy(index => entries[index].RunId, StringComparer.Ordinal);
        await Concurrently.ForEachAsync(missing, async run =>
        {
            var first = run.Min(index => entries[index].FirstSequence);
            var count = (int)(run.Max(index => entries[index].LastSequence) - first + 1);
            var events = await rows.ReadAsync(run.Key, first - 1, count, cancellationToken);
            foreach (var index in run) found[index] = Of(entries[index], events);
        });
        return found;
    }

    private static IReadOnlyList<RunEvent>? Of(FeedEntry entry, List<RunEvent> events)
    {
        var own = events.FindAll(item => item.Sequence >= entry.FirstSequence && item.Sequence <= entry.LastSequence);
        if (own.Count == 0) return null;
        return own[0].Position == entry.FirstPosition ? own : [];
    }
}
