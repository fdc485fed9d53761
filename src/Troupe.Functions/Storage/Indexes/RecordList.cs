using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Indexes;

/// <summary>Pages of records, by way of lists that are merged in the order of their places.</summary>
/// <param name="load">The record of an id, or null.</param>
/// <param name="pointersOf">The pointers that a record makes; another one that led to it is stale.</param>
/// <param name="kind">Tells the cursors of one kind of list from another's.</param>
internal sealed class RecordList<T>(
    PointerTable pointers, Func<string, CancellationToken, Task<T?>> load, Func<T, IReadOnlyCollection<Pointer>> pointersOf, char kind)
    where T : class
{
    /// <summary>A page that has looked at this many places ends there, however little it found.</summary>
    private const int MaxLooked = 1_000;

    private const int MinBatch = 32;

    /// <param name="lists">Their entries are read together; a place that stands in several counts once.</param>
    /// <param name="matches">What the lists do not decide.</param>
    public async Task<Page<T>> ReadAsync(
        IReadOnlyCollection<string> lists, KeyRange range, Func<T, bool> matches, int limit, string? cursor, CancellationToken cancellationToken)
    {
        limit = PageLimit.Bound(limit);
        if (cursor is not null) range = range with { After = KeyCursor.Read(kind, cursor) };
        var items = new List<T>();
        for (var looked = 0; looked < MaxLooked;)
        {
            var (places, more) = await NextAsync(lists, range, Math.Max(limit - items.Count, MinBatch), cancellationToken);
            var records = await Concurrently.SelectAsync(places, place => LoadAsync(place, cancellationToken));
            for (var index = 0; index < places.Count; index++, looked++)
            {
                if (records[index] is { } record && matches(record)) items.Add(record);
                range = range with { After = places[index][0].Pointer.Place };
                if (items.Count == limit) return new(items, more || index + 1 < places.Count ? Cursor(range) : null);
            }

            if (!more) return new(items, null);
        }

        return new(items, Cursor(range));
    }

    private string Cursor(KeyRange range) => KeyCursor.Write(kind, range.After!);

    private async Task<(List<StoredPointer[]> Places, bool More)> NextAsync(
        IReadOnlyCollection<string> lists, KeyRange range, int count, CancellationToken cancellationToken)
    {
        var parts = await Concurrently.SelectAsync(lists, list => pointers.ReadAsync(list, range, count + 1, cancellationToken));
        var places = parts.SelectMany(static part => part)
            .GroupBy(static pointer => pointer.Pointer.Place, StringComparer.Ordinal)
            .OrderBy(static place => place.Key, StringComparer.Ordinal)
            .Select(static place => place.ToArray())
            .ToList();
        return (places.Count > count ? places[..count] : places, places.Count > count);
    }

    /// <summary>The record that a place leads to, if it still makes one of the pointers.</summary>
    private async Task<T?> LoadAsync(StoredPointer[] place, CancellationToken cancellationToken)
    {
        var record = await load(place[0].Id, cancellationToken);
        var made = record is null ? [] : pointersOf(record);
        var stale = place.Where(stored => !made.Any(stored.Is)).ToList();
        if (stale.Count > 0) await pointers.RemoveAbandonedAsync(stale, cancellationToken);
        return stale.Count < place.Length ? record : null;
    }
}
