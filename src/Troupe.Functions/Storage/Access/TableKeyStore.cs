using Azure.Data.Tables;
using Troupe.Core.Access;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Access;

/// <summary>Keys in one partition: there are as many as people give out, however many runs there are.</summary>
internal sealed class TableKeyStore(RecordTables tables, JsonCells cells, Conflicts conflicts) : IKeyStore
{
    private const string Partition = "keys";

    public async Task<bool> TryPutAsync(ApiKey key, CancellationToken cancellationToken) =>
        await tables.Server.TryInsertAsync(await WriteAsync(new TableEntity(Partition, EntityKey.Of(key.Id)), key, cancellationToken), cancellationToken);

    public async Task<ApiKey?> GetAsync(string keyId, CancellationToken cancellationToken) =>
        await FindAsync(keyId, cancellationToken) is { } entity ? await ReadAsync(entity, cancellationToken) : null;

    public async Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken)
    {
        var rows = await tables.Server.RangeAsync(Partition, KeyRange.All, int.MaxValue, cancellationToken).ToListAsync(cancellationToken);
        var keys = await Concurrently.SelectAsync(rows, row => ReadAsync(row, cancellationToken));
        return [.. keys.Where(key => revokedToo || key.RevokedAt is null).OrderBy(static key => key.CreatedAt).ThenBy(static key => key.Id, StringComparer.Ordinal)];
    }

    public Task<ApiKey?> RevokeAsync(string keyId, DateTimeOffset at, string by, CancellationToken cancellationToken) =>
        ChangeAsync(keyId, key => key.RevokedAt is null ? key with { RevokedAt = at, RevokedBy = by } : key, cancellationToken);

    public Task TouchAsync(string keyId, DateTimeOffset at, CancellationToken cancellationToken) =>
        ChangeAsync(keyId, key => key.LastUsedAt >= at ? key : key with { LastUsedAt = at }, cancellationToken);

    public async Task<int> DeleteSessionsAsync(DateTimeOffset endedBy, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var row in await tables.Server.RangeAsync(Partition, KeyRange.All, int.MaxValue, cancellationToken).ToListAsync(cancellationToken))
        {
            if ((await ReadAsync(row, cancellationToken)).IsEndedSession(endedBy) && await tables.Server.TryDeleteAsync(Partition, row.RowKey, row.ETag, cancellationToken))
                deleted++;
        }

        return deleted;
    }

    /// <returns>The key as it then is, or null where there is none.</returns>
    private async Task<ApiKey?> ChangeAsync(string keyId, Func<ApiKey, ApiKey> change, CancellationToken cancellationToken)
    {
        ApiKey? result = null;
        await conflicts.RetryAsync(
            $"key {keyId}",
            async _ =>
            {
                if (await FindAsync(keyId, cancellationToken) is not { } entity) return true;
                var stored = await ReadAsync(entity, cancellationToken);
                result = change(stored);
                return ReferenceEquals(result, stored) || await TryReplaceAsync(entity, result, cancellationToken);
            },
            cancellationToken);
        return result;
    }

    private async Task<bool> TryReplaceAsync(TableEntity entity, ApiKey key, CancellationToken cancellationToken) =>
        await tables.Server.TryReplaceAsync(await WriteAsync(entity, key, cancellationToken), cancellationToken);

    private Task<TableEntity?> FindAsync(string keyId, CancellationToken cancellationToken) =>
        tables.Server.FindAsync(Partition, EntityKey.Of(keyId), cancellationToken);

    private async Task<TableEntity> WriteAsync(TableEntity entity, ApiKey key, CancellationToken cancellationToken)
    {
        await cells.WriteAsync(entity, RecordJson.Write(key), cancellationToken);
        return entity;
    }

    private async Task<ApiKey> ReadAsync(TableEntity entity, CancellationToken cancellationToken) =>
        RecordJson.Read<ApiKey>(await cells.ReadAsync(entity, cancellationToken));
}
