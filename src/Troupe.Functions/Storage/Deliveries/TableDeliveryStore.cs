using Azure.Data.Tables;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Deliveries;

/// <summary>Deliveries in the partitions of their runs, so that they change together with what is told of them.</summary>
internal sealed class TableDeliveryStore : IDeliveryStore
{
    private const string HomeRow = "home";

    private readonly RecordTables _tables;
    private readonly RecordSet<DeliveryRecord> _records;
    private readonly RecordList<DeliveryRecord> _list;
    private readonly RunWriter _writer;

    public TableDeliveryStore(RecordTables tables, JsonCells cells, PointerTable pointers, RunWriter writer, TimeProvider time)
    {
        (_tables, _writer) = (tables, writer);
        _records = new(RecordKinds.Delivery, DeliveryPointers.Of, fill: null, tables, cells, writer, time);
        _list = new(pointers, GetAsync, DeliveryPointers.Of, kind: 'd');
    }

    public async Task<DeliveryRecord> CreateIfAbsentAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        await _tables.Index.TryInsertAsync(new TableEntity(Home(delivery.Id), HomeRow) { ["Run"] = delivery.RunId }, cancellationToken);
        DeliveryRecord? existing = null;
        await _writer.WriteAsync(
            delivery.RunId,
            [],
            async _ =>
            {
                existing = await GetAsync(delivery.Id, cancellationToken);
                return existing is null ? await _records.InsertAsync(EntityKey.Of(delivery.RunId), Row(delivery.Id), delivery, cancellationToken) : null;
            },
            cancellationToken);
        return existing ?? delivery;
    }

    public async Task<DeliveryRecord?> GetAsync(string deliveryId, CancellationToken cancellationToken) =>
        await HomeOfAsync(deliveryId, cancellationToken) is { } runId ? (await FindAsync(runId, deliveryId, cancellationToken))?.Record : null;

    public async Task<DeliveryRecord?> UpdateAsync(string deliveryId, Change<DeliveryRecord> change, CancellationToken cancellationToken) =>
        await HomeOfAsync(deliveryId, cancellationToken) is { } runId
            ? await _records.UpdateAsync(runId, Row(deliveryId), () => FindAsync(runId, deliveryId, cancellationToken), change, cancellationToken)
            : null;

    public Task<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) => _list.ReadAsync(
        [DeliveryPointers.Choose(query)],
        KeyRange.All,
        delivery => (query.RunId is null || delivery.RunId == query.RunId) && (query.Status is null || delivery.Status == query.Status),
        query.Limit,
        query.Cursor,
        cancellationToken);

    /// <summary>A delivery's id does not tell its run; this row does, and is written before the delivery.</summary>
    private async Task<string?> HomeOfAsync(string deliveryId, CancellationToken cancellationToken) =>
        (await _tables.Index.FindAsync(Home(deliveryId), HomeRow, cancellationToken))?.GetString("Run");

    private Task<RecordRow<DeliveryRecord>?> FindAsync(string runId, string deliveryId, CancellationToken cancellationToken) =>
        _records.FindAsync(EntityKey.Of(runId), Row(deliveryId), cancellationToken);

    private static string Home(string deliveryId) => $"delivery:{EntityKey.Of(deliveryId)}";

    private static string Row(string deliveryId) => $"delivery:{EntityKey.Of(deliveryId)}";
}
