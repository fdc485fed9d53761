using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Gates;

/// <summary>Callbacks in their run's partition: a row for each delivery, and one for each name that leads to the first.</summary>
internal sealed class CallbackTable(RecordTables tables, JsonCells cells, RunWriter writer)
{
    private const string First = "Row";

    /// <summary>False where that delivery was taken before.</summary>
    public Task<bool> TryAddAsync(CallbackRecord callback, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) => writer.WriteAsync(
        callback.RunId,
        events,
        async _ =>
        {
            var (partition, row) = (EntityKey.Of(callback.RunId), $"callback-id:{EntityKey.Hash(callback.Name, callback.DeliveryId)}");
            if (await tables.Runs.FindAsync(partition, row, cancellationToken, "RowKey") is not null) return null;
            var entity = new TableEntity(partition, row);
            await cells.WriteAsync(entity, RecordJson.Write(callback), cancellationToken);
            List<TableTransactionAction> rows = [new(TableTransactionActionType.Add, entity)];
            if (await FindFirstAsync(callback.RunId, callback.Name, cancellationToken) is null)
                rows.Add(new(TableTransactionActionType.Add, new TableEntity(partition, NameRow(callback.Name)) { [First] = row }));
            return RunWrite.None with { Rows = rows };
        },
        cancellationToken);

    public async Task<CallbackRecord?> GetFirstAsync(string runId, string name, CancellationToken cancellationToken)
    {
        if (await FindFirstAsync(runId, name, cancellationToken) is not { } first) return null;
        return await tables.Runs.FindAsync(first.PartitionKey, first.GetString(First), cancellationToken) is { } entity
            ? RecordJson.Read<CallbackRecord>(await cells.ReadAsync(entity, cancellationToken))
            : null;
    }

    private Task<TableEntity?> FindFirstAsync(string runId, string name, CancellationToken cancellationToken) =>
        tables.Runs.FindAsync(EntityKey.Of(runId), NameRow(name), cancellationToken);

    private static string NameRow(string name) => $"callback:{EntityKey.Of(name)}";
}
