using Azure;
using Azure.Data.Tables;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Indexes;

/// <summary>
/// The lists. A pointer is written before the record that makes it and removed after the record has ceased to, so that a list may name too
/// much but never too little; readers verify each pointer against its record.
/// </summary>
internal sealed class PointerTable(RecordTables tables, TimeProvider time)
{
    /// <summary>No writer takes this long between a pointer and its record.</summary>
    private static readonly TimeSpan SurelyAbandoned = TimeSpan.FromHours(1);

    private const int MaxTags = 10_000;

    /// <summary>The tags of pointers that this process put. Where another has put one again, it is not removed by this one.</summary>
    private readonly Bounded<(string List, string Place), ETag> _tags = new(MaxTags);

    /// <summary>Before the record is written. Returns what to remove afterwards.</summary>
    /// <param name="id">The record's.</param>
    public async Task<IReadOnlyList<StoredPointer>> PrepareAsync(
        string id, IReadOnlyCollection<Pointer> before, IReadOnlyCollection<Pointer> after, CancellationToken cancellationToken)
    {
        var adding = Concurrently.ForEachAsync(after.Except(before), pointer => PutAsync(id, pointer, cancellationToken));
        var stored = await Concurrently.SelectAsync(before.Except(after), pointer => FindAsync(id, pointer, cancellationToken));
        await adding;
        return [.. stored.OfType<StoredPointer>()];
    }

    /// <summary>Removes pointers as they were read: one that a later writer has put again stays.</summary>
    public Task RemoveAsync(IEnumerable<StoredPointer> pointers, CancellationToken cancellationToken) =>
        Concurrently.ForEachAsync(pointers, pointer => RemoveAsync(pointer, cancellationToken));

    /// <summary>Removes those that led nowhere and are so old that no writer can be between them and their records.</summary>
    public Task RemoveAbandonedAsync(IEnumerable<StoredPointer> stale, CancellationToken cancellationToken)
    {
        var limit = time.GetUtcNow() - SurelyAbandoned;
        return RemoveAsync(stale.Where(pointer => pointer.At < limit), cancellationToken);
    }

    /// <summary>The first pointers of a list within a range.</summary>
    public async Task<List<StoredPointer>> ReadAsync(string list, KeyRange range, int count, CancellationToken cancellationToken)
    {
        var pointers = new List<StoredPointer>();
        await foreach (var entity in tables.Index.RangeAsync(list, range, count, cancellationToken))
        {
            pointers.Add(Read(entity));
            if (pointers.Count == count) break;
        }

        return pointers;
    }

    private Task RemoveAsync(StoredPointer pointer, CancellationToken cancellationToken)
    {
        var (list, place, _) = pointer.Pointer;
        _tags.Remove((list, place));
        return tables.Index.TryDeleteAsync(list, place, pointer.Tag, cancellationToken);
    }

    private async Task PutAsync(string id, Pointer pointer, CancellationToken cancellationToken)
    {
        var entity = Entity(id, pointer);
        await tables.Index.PutAsync(entity, cancellationToken);
        _tags.Put((pointer.List, pointer.Place), entity.ETag);
    }

    private async Task<StoredPointer?> FindAsync(string id, Pointer pointer, CancellationToken cancellationToken)
    {
        if (_tags.TryGet((pointer.List, pointer.Place), out var tag)) return new(pointer, id, time.GetUtcNow(), tag);
        return await tables.Index.FindAsync(pointer.List, pointer.Place, cancellationToken) is { } entity ? Read(entity) : null;
    }

    private TableEntity Entity(string id, Pointer pointer)
    {
        var entity = new TableEntity(pointer.List, pointer.Place) { [nameof(StoredPointer.Id)] = id, [nameof(StoredPointer.At)] = time.GetUtcNow() };
        if (pointer.Value is { } value) entity[nameof(Pointer.Value)] = value;
        return entity;
    }

    private static StoredPointer Read(TableEntity entity) => new(
        new Pointer(entity.PartitionKey, entity.RowKey, entity.GetInt64(nameof(Pointer.Value))),
        entity.GetString(nameof(StoredPointer.Id)),
        entity.GetDateTimeOffset(nameof(StoredPointer.At)) ?? default,
        entity.ETag);
}

/// <param name="Id">Of the record it leads to.</param>
/// <param name="At">When it was written.</param>
internal sealed record StoredPointer(Pointer Pointer, string Id, DateTimeOffset At, ETag Tag)
{
    public bool Is(Pointer pointer) => pointer.List == Pointer.List && pointer.Place == Pointer.Place;
}
