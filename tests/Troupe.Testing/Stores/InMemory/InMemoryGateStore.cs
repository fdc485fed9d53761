using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryGateStore(InMemoryEventLog events, Lock gate) : IGateStore
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, (GateRecord Gate, long Revision)> _gates = new(StringComparer.Ordinal);
    private readonly List<CallbackRecord> _callbacks = [];

    public Task<GateRecord> CreateIfAbsentAsync(GateRecord gateRecord, IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (_gates.TryGetValue(gateRecord.Id, out var existing)) return Task.FromResult(existing.Gate);
            _gates.Add(gateRecord.Id, (gateRecord, 0));
            _order.Add(gateRecord.Id);
            events.Append(gateRecord.RunId, newEvents);
            return Task.FromResult(gateRecord);
        }
    }

    public Task<GateRecord?> GetAsync(string gateId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult<GateRecord?>(_gates.GetValueOrDefault(gateId).Gate);
    }

    public Task<GateRecord?> UpdateAsync(string gateId, Change<GateRecord> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!_gates.TryGetValue(gateId, out var stored)) return Task.FromResult<GateRecord?>(null);
            if (MemoryChange.Apply(stored.Gate, stored.Revision, change) is not { } changed) return Task.FromResult<GateRecord?>(stored.Gate);
            MemoryChange.CheckKept(gateId, (stored.Gate.Id, stored.Gate.RunId, stored.Gate.Kind), (changed.Id, changed.RunId, changed.Kind));
            _gates[gateId] = (changed, change.Revision ?? stored.Revision);
            events.Append(changed.RunId, change.Events);
            return Task.FromResult<GateRecord?>(changed);
        }
    }

    public Task<Page<GateRecord>> ListAsync(GateQuery query, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var rows = _order.Select((id, index) => (Order: _gates[id].Gate.CreatedAt.UtcTicks, Row: (long)index, Item: _gates[id].Gate));
            return Task.FromResult(MemoryCursor.Page(rows.Where(row => Matches(row.Item, query)), newestFirst: true, query.Limit, query.Cursor, 'g'));
        }
    }

    public Task<bool> TryAddCallbackAsync(CallbackRecord callback, IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (_callbacks.Exists(known =>
                (known.RunId, known.Name, known.DeliveryId) == (callback.RunId, callback.Name, callback.DeliveryId)))
            {
                return Task.FromResult(false);
            }

            _callbacks.Add(callback);
            events.Append(callback.RunId, newEvents);
            return Task.FromResult(true);
        }
    }

    public Task<CallbackRecord?> GetCallbackAsync(string runId, string name, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(_callbacks.Find(callback => callback.RunId == runId && callback.Name == name));
    }

    private static bool Matches(GateRecord gateRecord, GateQuery query) =>
        (query.Kind is null || gateRecord.Kind == query.Kind)
        && (query.Status is null || gateRecord.Status == query.Status)
        && (query.RunId is null || gateRecord.RunId == query.RunId)
        && (!query.Unacknowledged || gateRecord is { Acknowledged: false, Status: not GateStatus.Pending });
}
