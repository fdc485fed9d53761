using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Deliveries;

/// <summary>The statements on webhook deliveries, within a transaction that somebody else began.</summary>
internal static class DeliveryRows
{
    private const char CursorKind = 'd';

    /// <summary>Inserts a delivery, unless its id is taken.</summary>
    public static bool TryInsert(SqliteSession session, DeliveryRecord delivery) => session.Execute(
        "INSERT INTO deliveries (id, run_id, status, created, revision, record) VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
        delivery.Id,
        delivery.RunId,
        EnumWords<DeliveryStatus>.Write(delivery.Status),
        delivery.CreatedAt.UtcTicks,
        RecordJson.Write(delivery)) > 0;

    public static DeliveryRecord? Find(SqliteSession session, string deliveryId) => session.QuerySingle(
        "SELECT record FROM deliveries WHERE id = ?", static row => RecordJson.Read<DeliveryRecord>(row.GetSpan(0)), deliveryId);

    public static ChangeResult<DeliveryRecord>? Update(SqliteSession session, string deliveryId, Change<DeliveryRecord> change)
    {
        var (revision, json) = session.QuerySingle(
            "SELECT revision, record FROM deliveries WHERE id = ?", static row => (row.GetInt64(0), row.GetString(1)), deliveryId);
        if (json is null) return null;
        var stored = RecordJson.Read<DeliveryRecord>(json);
        if (new StoredRecord<DeliveryRecord>(stored, revision, json).Apply(RecordKinds.Delivery, change) is not { } changed) return new(stored, Changed: false);
        session.Execute(
            "UPDATE deliveries SET status = ?, revision = ?, record = ? WHERE id = ?",
            EnumWords<DeliveryStatus>.Write(changed.Record.Status),
            changed.Revision,
            changed.Json,
            deliveryId);
        return new(changed.Record, Changed: true);
    }

    public static Page<DeliveryRecord> List(SqliteSession session, DeliveryQuery query)
    {
        var limit = PageLimit.Bound(query.Limit);
        var before = PageCursor.Parse(CursorKind, query.Cursor) ?? new PageCursor(CursorKind, long.MaxValue, long.MaxValue);
        List<SqliteValue> values = [];
        if (query.RunId is { } runId) values.Add(runId);
        if (query.Status is { } status) values.Add(EnumWords<DeliveryStatus>.Write(status));
        values.AddRange([before.Order, before.Row, limit + 1]);
        var rows = session.Query(
            Statement(query),
            static row => (Created: row.GetInt64(0), Seq: row.GetInt64(1), Delivery: RecordJson.Read<DeliveryRecord>(row.GetSpan(2))),
            [.. values]);
        if (rows.Count <= limit) return new(rows.ConvertAll(static row => row.Delivery), null);
        rows.RemoveAt(limit);
        return new(rows.ConvertAll(static row => row.Delivery), new PageCursor(CursorKind, rows[^1].Created, rows[^1].Seq).ToString());
    }

    /// <summary>Its values are run and status where given, then the place to begin below and the limit.</summary>
    internal static string Statement(DeliveryQuery query)
    {
        var index = query switch
        {
            { RunId: not null } => "deliveries_run",
            { Status: not null } => "deliveries_status",
            _ => "deliveries_created",
        };
        var run = query.RunId is null ? "" : "run_id = ? AND";
        var status = query.Status is null ? "" : "status = ? AND";
        return $"""
            SELECT created, seq, record FROM deliveries INDEXED BY {index}
            WHERE {run} {status} (created, seq) < (?, ?) ORDER BY created DESC, seq DESC LIMIT ?
            """;
    }
}
