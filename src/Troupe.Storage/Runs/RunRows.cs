using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Runs;

/// <summary>The statements on runs, within a transaction that somebody else began.</summary>
internal static class RunRows
{
    /// <summary>Inserts the run, unless its id or its key is taken.</summary>
    public static bool TryInsert(SqliteSession session, NewRun launch, string json)
    {
        var run = launch.Run;
        var inserted = session.Execute(
            """
            INSERT INTO runs (id, created, status, user, name, unobeyed, idempotency_key, body_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            run.Id,
            run.CreatedAt.UtcTicks,
            EnumWords<WorkStatus>.Write(run.Status),
            run.User,
            run.Name,
            run.IsUnobeyed,
            launch.IdempotencyKey,
            launch.BodyHash);
        if (inserted == 0) return false;
        var seq = session.LastInsertRowId;
        session.Execute("INSERT INTO run_records (seq, record) VALUES (?, ?)", seq, json);
        InsertTags(session, seq, run);
        return true;
    }

    public static RunRecord? Find(SqliteSession session, string runId) => session.QuerySingle(
        "SELECT record FROM runs JOIN run_records USING (seq) WHERE id = ?", static row => RecordJson.Read<RunRecord>(row.GetSpan(0)), runId);

    /// <summary>The run that a key made, and the hash of the request that carried it.</summary>
    public static (RunRecord Run, string? BodyHash)? FindByKey(SqliteSession session, string user, string? key) =>
        key is null
            ? null
            : session.QuerySingle<(RunRecord, string?)?>(
                "SELECT record, body_hash FROM runs JOIN run_records USING (seq) WHERE user = ? AND idempotency_key = ?",
                static row => (RecordJson.Read<RunRecord>(row.GetSpan(0)), row.GetStringOrNull(1)),
                user,
                key);

    public static IReadOnlyList<RunRecord> Unobeyed(SqliteSession session, int limit) => session.Query(
        "SELECT record FROM runs INDEXED BY runs_unobeyed JOIN run_records USING (seq) WHERE unobeyed = 1 ORDER BY seq LIMIT ?",
        static row => RecordJson.Read<RunRecord>(row.GetSpan(0)),
        limit);

    public static RunRecord Load(SqliteSession session, long seq) => session.QuerySingle(
        "SELECT record FROM run_records WHERE seq = ?", static row => RecordJson.Read<RunRecord>(row.GetSpan(0)), seq)!;

    public static ChangeResult<RunRecord>? Update(SqliteSession session, string runId, Change<RunRecord> change)
    {
        var (seq, json) = session.QuerySingle(
            "SELECT seq, record FROM runs JOIN run_records USING (seq) WHERE id = ?", static row => (row.GetInt64(0), row.GetString(1)), runId);
        if (json is null) return null;
        var stored = RecordJson.Read<RunRecord>(json);
        if (new StoredRecord<RunRecord>(stored, stored.Revision, json).Apply(RecordKinds.Run, change) is not { } changed) return new(stored, Changed: false);
        session.Execute("UPDATE run_records SET record = ? WHERE seq = ?", changed.Json, seq);
        UpdateIndexed(session, seq, stored, changed.Record);
        return new(changed.Record, Changed: true);
    }

    private static void UpdateIndexed(SqliteSession session, long seq, RunRecord stored, RunRecord changed)
    {
        if (changed.IsUnobeyed != stored.IsUnobeyed) session.Execute("UPDATE runs SET unobeyed = ? WHERE seq = ?", changed.IsUnobeyed, seq);
        if (changed.Status != stored.Status || changed.Name != stored.Name)
        {
            session.Execute(
                "UPDATE runs SET status = ?, name = ? WHERE seq = ?", EnumWords<WorkStatus>.Write(changed.Status), changed.Name, seq);
        }
        else if (changed.Tags.SequenceEqual(stored.Tags, StringComparer.Ordinal))
        {
            return;
        }

        foreach (var tag in stored.Tags)
            session.Execute("DELETE FROM run_tags WHERE tag = ? AND created = ? AND seq = ?", tag, stored.CreatedAt.UtcTicks, seq);
        InsertTags(session, seq, changed);
    }

    private static void InsertTags(SqliteSession session, long seq, RunRecord run)
    {
        foreach (var tag in run.Tags)
        {
            session.Execute(
                "INSERT INTO run_tags (tag, created, seq, status, user, name) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                tag,
                run.CreatedAt.UtcTicks,
                seq,
                EnumWords<WorkStatus>.Write(run.Status),
                run.User,
                run.Name);
        }
    }
}
