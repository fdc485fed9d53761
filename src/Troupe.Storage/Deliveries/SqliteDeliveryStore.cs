using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Storage.Events;
using Troupe.Storage.Records;

namespace Troupe.Storage.Deliveries;

internal sealed class SqliteDeliveryStore(RecordsDatabase database, EventWriter events) : IDeliveryStore
{
    public async Task<DeliveryRecord> CreateIfAbsentAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        var existing = await database.WriteAsync(
            session => DeliveryRows.TryInsert(session, delivery) ? null : DeliveryRows.Find(session, delivery.Id), cancellationToken);
        return existing ?? delivery;
    }

    public Task<DeliveryRecord?> GetAsync(string deliveryId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeliveryRows.Find(session, deliveryId), cancellationToken);

    public async Task<DeliveryRecord?> UpdateAsync(string deliveryId, Change<DeliveryRecord> change, CancellationToken cancellationToken)
    {
        var result = await database.WriteAsync(
            session =>
            {
                var result = DeliveryRows.Update(session, deliveryId, change);
                if (result is { Changed: true } changed) events.Append(session, changed.Record.RunId, change.Events);
                return result;
            },
            cancellationToken);
        if (result is { Changed: true } changed) events.Announce(changed.Record.RunId, change.Events);
        return result?.Record;
    }

    public Task<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DeliveryRows.List(session, query), cancellationToken);
}
