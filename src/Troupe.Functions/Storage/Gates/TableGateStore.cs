using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage.Gates;

/// <summary>Gates and callbacks, in the partitions of their runs.</summary>
internal sealed class TableGateStore : IGateStore
{
    private readonly RecordSet<GateRecord> _records;
    private readonly RecordList<GateRecord> _list;
    private readonly CallbackTable _callbacks;
    private readonly RunWriter _writer;

    public TableGateStore(RecordTables tables, JsonCells cells, PointerTable pointers, CallbackTable callbacks, RunWriter writer, TimeProvider time)
    {
        _records = new(RecordKinds.Gate, GatePointers.Of, fill: null, tables, cells, writer, time);
        _list = new(pointers, GetAsync, GatePointers.Of, kind: 'g');
        (_callbacks, _writer) = (callbacks, writer);
    }

    public async Task<GateRecord> CreateIfAbsentAsync(GateRecord gate, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        if (RunIds.RunOf(gate.Id) != gate.RunId)
            throw new ArgumentException($"The gate '{gate.Id}' says that it is of run '{gate.RunId}'. A gate's id begins with its run's.", nameof(gate));
        GateRecord? existing = null;
        await _writer.WriteAsync(
            gate.RunId,
            events,
            async _ =>
            {
                existing = await GetAsync(gate.Id, cancellationToken);
                return existing is null ? await _records.InsertAsync(EntityKey.Of(gate.RunId), Row(gate.Id), gate, cancellationToken) : null;
            },
            cancellationToken);
        return existing ?? gate;
    }

    public async Task<GateRecord?> GetAsync(string gateId, CancellationToken cancellationToken) =>
        RunIds.RunOf(gateId) is { } runId ? (await FindAsync(runId, gateId, cancellationToken))?.Record : null;

    public async Task<GateRecord?> UpdateAsync(string gateId, Change<GateRecord> change, CancellationToken cancellationToken) =>
        RunIds.RunOf(gateId) is { } runId
            ? await _records.UpdateAsync(runId, Row(gateId), () => FindAsync(runId, gateId, cancellationToken), change, cancellationToken)
            : null;

    public Task<Page<GateRecord>> ListAsync(GateQuery query, CancellationToken cancellationToken) => _list.ReadAsync(
        [GatePointers.Choose(query)],
        KeyRange.All,
        gate => (query.RunId is null || gate.RunId == query.RunId)
            && (query.Status is null || gate.Status == query.Status)
            && (query.Kind is null || gate.Kind == query.Kind)
            && (!query.Unacknowledged || gate.IsUnacknowledged),
        query.Limit,
        query.Cursor,
        cancellationToken);

    public Task<bool> TryAddCallbackAsync(CallbackRecord callback, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) =>
        _callbacks.TryAddAsync(callback, events, cancellationToken);

    public Task<CallbackRecord?> GetCallbackAsync(string runId, string name, CancellationToken cancellationToken) =>
        _callbacks.GetFirstAsync(runId, name, cancellationToken);

    private Task<RecordRow<GateRecord>?> FindAsync(string runId, string gateId, CancellationToken cancellationToken) =>
        _records.FindAsync(EntityKey.Of(runId), Row(gateId), cancellationToken);

    private static string Row(string gateId) => $"gate:{EntityKey.Of(gateId)}";
}
