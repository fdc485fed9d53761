using Azure.Data.Tables;

namespace Troupe.Functions.Storage.Tables;

/// <summary>
/// Rows as this process wrote them last, so that its next change of one needs no reading. They are only ever the base of a write that
/// their tag guards; what is answered to anybody is read. Where another process has been faster, such a write would fail and cost more
/// than reading: once rows turn out to be changed by others, all are read first until none did for a minute.
/// </summary>
internal sealed class LastSeen(TimeProvider time)
{
    /// <summary>Of rows altogether: 4 MB.</summary>
    private const long MaxCharacters = 2 << 20;

    /// <summary>Larger rows are rare, and reading them is little beside writing them.</summary>
    private const int MaxCharactersEach = 64 << 10;

    private static readonly TimeSpan Caution = TimeSpan.FromMinutes(1);

    private readonly Bounded<(string Partition, string Row), TableEntity> _rows = new(MaxCharacters, Weigh);
    private readonly Lock _gate = new();
    private long? _mistaken;

    /// <summary>A copy of the row as it was written last; null where it is to be read.</summary>
    public TableEntity? Recall(string partition, string row) =>
        !IsCautious && _rows.TryGet((partition, row), out var seen) ? new TableEntity(seen) : null;

    /// <summary>Takes note of a row that was just written; one without a tag is forgotten.</summary>
    public void Wrote(TableEntity entity)
    {
        if (entity.ETag != default && Weigh(entity) <= MaxCharactersEach) _rows.Put(Key(entity), entity);
        else _rows.Remove(Key(entity));
    }

    /// <summary>Takes note of a row that was read to be changed.</summary>
    public void Read(TableEntity entity)
    {
        if (!_rows.TryGet(Key(entity), out var seen) || seen.ETag == entity.ETag) return;
        _rows.Remove(Key(entity));
        lock (_gate) _mistaken = time.GetTimestamp();
    }

    private bool IsCautious
    {
        get
        {
            lock (_gate) return _mistaken is { } mistaken && time.GetElapsedTime(mistaken) < Caution;
        }
    }

    private static (string, string) Key(TableEntity entity) => (entity.PartitionKey, entity.RowKey);

    private static long Weigh(TableEntity entity)
    {
        long characters = 100;
        foreach (var (_, value) in entity) characters += value is string text ? text.Length : 8;
        return characters;
    }
}
