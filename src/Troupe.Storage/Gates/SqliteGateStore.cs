using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Storage.Events;
using Troupe.Storage.Records;

namespace Troupe.Storage.Gates;

internal sealed class SqliteGateStore(RecordsDatabase database, EventWriter events) : IGateStore
{
    public async Task<GateRecord> CreateIfAbsentAsync(GateRecord gate, IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
    {
        var existing = await database.WriteAsync(
            session =>
            {
                if (!GateRows.TryInsert(session, gate)) return GateRows.Find(session, gate.Id);
                events.Append(session, gate.RunId, newEvents);
                return null;
            },
            cancellationToken);
        if (existing is null) events.Announce(gate.RunId, newEvents);
        return existing ?? gate;
    }

    public Task<GateRecord?> GetAsync(string gateId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => GateRows.Find(session, gateId), cancellationToken);

    public async Task<GateRecord?> UpdateAsync(string gateId, Change<GateRecord> change, CancellationToken cancellationToken)
    {
        var result = await database.WriteAsync(
            session =>
            {
                var result = GateRows.Update(session, gateId, change);
                if (result is { Changed: true } changed) events.Append(session, changed.Record.RunId, change.Events);
                return result;
            },
            cancellationToken);
        if (result is { Changed: true } changed) events.Announce(changed.Record.RunId, change.Events);
        return result?.Record;
    }

    public Task<Page<GateRecord>> ListAsync(GateQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => GateRows.List(session, query), cancellationToken);

    public async Task<bool> TryAddCallbackAsync(CallbackRecord callback, IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
    {
        var payload = RecordJson.Write(callback.Payload);
        var added = await database.WriteAsync(
            session =>
            {
                var inserted = session.Execute(
                    "INSERT INTO callbacks (run_id, name, delivery_id, received, payload) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    callback.RunId,
                    callback.Name,
                    callback.DeliveryId,
                    callback.ReceivedAt.UtcTicks,
                    payload);
                if (inserted > 0) events.Append(session, callback.RunId, newEvents);
                return inserted > 0;
            },
            cancellationToken);
        if (added) events.Announce(callback.RunId, newEvents);
        return added;
    }

    public Task<CallbackRecord?> GetCallbackAsync(string runId, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.QuerySingle(
                "SELECT delivery_id, payload, received FROM callbacks WHERE run_id = ? AND name = ? ORDER BY seq LIMIT 1",
                row => new CallbackRecord(
                    runId,
                    name,
                    row.GetString(0),
                    RecordJson.Read<Content>(row.GetSpan(1)),
                    new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero)),
                runId,
                name),
            cancellationToken);
}
