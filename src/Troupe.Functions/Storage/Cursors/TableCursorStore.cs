using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Cursors;

/// <summary>A row for each reader. One process at a time moves a reader on, so that it seldom has to look where that one stands.</summary>
internal sealed class TableCursorStore(RecordTables tables, Conflicts conflicts, TimeProvider time) : ICursorStore
{
    private const string Partition = "cursors";
    private const string Position = "Position";

    private readonly LastSeen _seen = new(time);

    public async Task<long> GetAsync(string reader, CancellationToken cancellationToken) =>
        (await tables.Server.FindAsync(Partition, EntityKey.Of(reader), cancellationToken))?.GetInt64(Position) ?? 0;

    public Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken) =>
        conflicts.RetryAsync(reader, attempt => TryAdvanceAsync(EntityKey.Of(reader), position, attempt, cancellationToken), cancellationToken);

    private async Task<bool> TryAdvanceAsync(string row, long position, int attempt, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(row, attempt, cancellationToken);
        var cursor = stored ?? new TableEntity(Partition, row);
        if (cursor.GetInt64(Position) >= position) return true;
        cursor[Position] = position;
        if (!(stored is null ? await tables.Server.TryInsertAsync(cursor, cancellationToken) : await tables.Server.TryReplaceAsync(cursor, cancellationToken)))
            return false;
        _seen.Wrote(cursor);
        return true;
    }

    private async Task<TableEntity?> FindAsync(string row, int attempt, CancellationToken cancellationToken)
    {
        if (attempt == 1 && _seen.Recall(Partition, row) is { } seen) return seen;
        var stored = await tables.Server.FindAsync(Partition, row, cancellationToken);
        if (stored is not null) _seen.Read(stored);
        return stored;
    }
}
