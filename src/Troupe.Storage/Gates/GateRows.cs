using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Gates;

/// <summary>The statements on gates, within a transaction that somebody else began.</summary>
internal static class GateRows
{
    private const char CursorKind = 'g';

    /// <summary>Inserts a gate, unless its id is taken.</summary>
    public static bool TryInsert(SqliteSession session, GateRecord gate) => session.Execute(
        """
        INSERT INTO gates (id, run_id, kind, status, created, unacknowledged, revision, record) VALUES (?, ?, ?, ?, ?, ?, 0, ?)
        ON CONFLICT DO NOTHING
        """,
        gate.Id,
        gate.RunId,
        EnumWords<GateKind>.Write(gate.Kind),
        EnumWords<GateStatus>.Write(gate.Status),
        gate.CreatedAt.UtcTicks,
        gate.IsUnacknowledged,
        RecordJson.Write(gate)) > 0;

    public static GateRecord? Find(SqliteSession session, string gateId) => session.QuerySingle(
        "SELECT record FROM gates WHERE id = ?", static row => RecordJson.Read<GateRecord>(row.GetSpan(0)), gateId);

    public static ChangeResult<GateRecord>? Update(SqliteSession session, string gateId, Change<GateRecord> change)
    {
        var (revision, json) = session.QuerySingle(
            "SELECT revision, record FROM gates WHERE id = ?", static row => (row.GetInt64(0), row.GetString(1)), gateId);
        if (json is null) return null;
        var stored = RecordJson.Read<GateRecord>(json);
        if (new StoredRecord<GateRecord>(stored, revision, json).Apply(RecordKinds.Gate, change) is not { } changed) return new(stored, Changed: false);
        session.Execute(
            "UPDATE gates SET status = ?, unacknowledged = ?, revision = ?, record = ? WHERE id = ?",
            EnumWords<GateStatus>.Write(changed.Record.Status),
            changed.Record.IsUnacknowledged,
            changed.Revision,
            changed.Json,
            gateId);
        return new(changed.Record, Changed: true);
    }

    public static Page<GateRecord> List(SqliteSession session, GateQuery query)
    {
        var limit = PageLimit.Bound(query.Limit);
        var before = PageCursor.Parse(CursorKind, query.Cursor) ?? new PageCursor(CursorKind, long.MaxValue, long.MaxValue);
        List<SqliteValue> values = [];
        if (query.RunId is { } runId) values.Add(runId);
        if (query.Status is { } status) values.Add(EnumWords<GateStatus>.Write(status));
        if (query.Kind is { } kind) values.Add(EnumWords<GateKind>.Write(kind));
        values.AddRange([before.Order, before.Row, limit + 1]);
        var rows = session.Query(
            Statement(query),
            static row => (Created: row.GetInt64(0), Seq: row.GetInt64(1), Gate: RecordJson.Read<GateRecord>(row.GetSpan(2))),
            [.. values]);
        if (rows.Count <= limit) return new(rows.ConvertAll(static row => row.Gate), null);
        rows.RemoveAt(limit);
        return new(rows.ConvertAll(static row => row.Gate), new PageCursor(CursorKind, rows[^1].Created, rows[^1].Seq).ToString());
    }

    /// <summary>Its values are run, status and kind where given, then the place to begin below and the limit.</summary>
    internal static string Statement(GateQuery query)
    {
        var index = query switch
        {
            { RunId: not null } => "gates_run",
            { Unacknowledged: true } => "gates_unacknowledged",
            { Status: not null } => "gates_status",
            { Kind: not null } => "gates_kind",
            _ => "gates_created",
        };
        var run = query.RunId is null ? "" : "run_id = ? AND";
        var status = query.Status is null ? "" : "status = ? AND";
        var kind = query.Kind is null ? "" : "kind = ? AND";
        var unacknowledged = query.Unacknowledged ? "unacknowledged = 1 AND" : "";
        return $"""
            SELECT created, seq, record FROM gates INDEXED BY {index}
            WHERE {run} {status} {kind} {unacknowledged} (created, seq) < (?, ?) ORDER BY created DESC, seq DESC LIMIT ?
            """;
    }
}
