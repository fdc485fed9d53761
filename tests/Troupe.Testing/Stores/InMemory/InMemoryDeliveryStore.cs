using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryDeliveryStore(InMemoryEventLog events, Lock gate) : IDeliveryStore
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (DeliveryRecord Delivery, long Revision)> _deliveries = new(StringComparer.Ordinal);

    public Task<DeliveryRecord> CreateIfAbsentAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (_deliveries.TryGetValue(delivery.Id, out var existing)) return Task.FromResult(existing.Delivery);
            _deliveries.Add(delivery.Id, (delivery, 0));
            _order.Add(delivery.Id);
            return Task.FromResult(delivery);
        }
    }

    public Task<DeliveryRecord?> GetAsync(string deliveryId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult<DeliveryRecord?>(_deliveries.GetValueOrDefault(deliveryId).Delivery);
    }

    public Task<DeliveryRecord?> UpdateAsync(string deliveryId, Change<DeliveryRecord> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!_deliveries.TryGetValue(deliveryId, out var stored)) return Task.FromResult<DeliveryRecord?>(null);
            if (MemoryChange.Apply(stored.Delivery, stored.Revision, change) is not { } changed) return Task.FromResult<DeliveryRecord?>(stored.Delivery);
            MemoryChange.CheckKept(
                deliveryId, (stored.Delivery.Id, stored.Delivery.RunId, stored.Delivery.CreatedAt), (changed.Id, changed.RunId, changed.CreatedAt));
            _deliveries[deliveryId] = (changed, change.Revision ?? stored.Revision);
            events.Append(changed.RunId, change.Events);
            return Task.FromResult<DeliveryRecord?>(changed);
        }
    }

    public Task<Page<DeliveryRecord>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var rows = _order.Select((id, index) => (Order: _deliveries[id].Delivery.CreatedAt.UtcTicks, Row: (long)index, Item: _deliveries[id].Delivery));
            return Task.FromResult(MemoryCursor.Page(rows.Where(row => Matches(row.Item, query)), newestFirst: true, query.Limit, query.Cursor, 'd'));
        }
    }

    private static bool Matches(DeliveryRecord delivery, DeliveryQuery query) =>
        (query.Status is null || delivery.Status == query.Status) && (query.RunId is null || delivery.RunId == query.RunId);
}
