using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Cursors;

internal sealed class TableCursorStore(RecordTables tables, Conflicts conflicts) : ICursorStore
{
    private const string Partition = "cursors";
    private const string Position = "Position";

    public async Task<long> GetAsync(string reader, CancellationToken cancellationToken) =>
        (await FindAsync(reader, cancellationToken))?.GetInt64(Position) ?? 0;

    public Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken) =>
        conflicts.RetryAsync(reader, _ => TryAdvanceAsync(reader, position, cancellationToken), cancellationToken);

    private async Task<bool> TryAdvanceAsync(string reader, long position, CancellationToken cancellationToken)
    {
        if (await FindAsync(reader, cancellationToken) is not { } stored)
            return await tables.Server.TryInsertAsync(new TableEntity(Partition, EntityKey.Of(reader)) { [Position] = position }, cancellationToken);
        if (stored.GetInt64(Position) >= position) return true;
        stored[Position] = position;
        return await tables.Server.TryReplaceAsync(stored, cancellationToken);
    }

    private Task<TableEntity?> FindAsync(string reader, CancellationToken cancellationToken) =>
        tables.Server.FindAsync(Partition, EntityKey.Of(reader), cancellationToken);
}
