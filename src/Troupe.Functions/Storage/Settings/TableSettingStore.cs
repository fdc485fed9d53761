using Azure;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Settings;

/// <summary>Settings in a partition for each kind; a row's tag is the setting's version.</summary>
internal sealed class TableSettingStore(RecordTables tables, JsonCells cells) : ISettingStore
{
    private const string Id = "Id";

    public async Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken) =>
        await tables.Server.TryInsertAsync(await EntityAsync(kind, id, json, cancellationToken), cancellationToken);

    public async Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken) =>
        await tables.Server.FindAsync(Partition(kind), EntityKey.Of(id), cancellationToken) is { } entity
            ? await ReadAsync(kind, entity, cancellationToken)
            : null;

    public async Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        var rows = await tables.Server.RangeAsync(Partition(kind), KeyRange.All, int.MaxValue, cancellationToken).ToListAsync(cancellationToken);
        var settings = await Concurrently.SelectAsync(rows, row => ReadAsync(kind, row, cancellationToken));
        return [.. settings.OrderBy(static setting => setting.Id, StringComparer.Ordinal)];
    }

    public async Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken)
    {
        var entity = await EntityAsync(read.Kind, read.Id, json, cancellationToken);
        entity.ETag = new ETag(read.Version);
        return await tables.Server.TryReplaceAsync(entity, cancellationToken);
    }

    public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken) =>
        tables.Server.TryDeleteAsync(Partition(kind), EntityKey.Of(id), ETag.All, cancellationToken);

    private async Task<TableEntity> EntityAsync(string kind, string id, string json, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(Partition(kind), EntityKey.Of(id)) { [Id] = id };
        await cells.WriteAsync(entity, json, cancellationToken);
        return entity;
    }

    private async Task<Setting> ReadAsync(string kind, TableEntity entity, CancellationToken cancellationToken) =>
        new(kind, entity.GetString(Id), await cells.ReadAsync(entity, cancellationToken), entity.ETag.ToString());

    private static string Partition(string kind) => $"settings:{EntityKey.Of(kind)}";
}
