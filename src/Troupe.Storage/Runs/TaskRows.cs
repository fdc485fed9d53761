using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;
using Troupe.Storage.Records;

namespace Troupe.Storage.Runs;

/// <summary>The statements on tasks, within a transaction that somebody else began.</summary>
internal static class TaskRows
{
    internal const string ListStatement = """
        SELECT ordinal, seq, record FROM tasks INDEXED BY tasks_run
        WHERE run_id = ? AND (ordinal, seq) > (?, ?) ORDER BY ordinal, seq LIMIT ?
        """;

    private const decimal CostUnit = 1_000_000_000_000m;
    private const char CursorKind = 't';

    /// <summary>Inserts a task, unless its id is taken.</summary>
    public static void TryInsert(SqliteSession session, TaskRecord task, string json) => session.Execute(
        """
        INSERT INTO tasks (id, run_id, ordinal, status, weight, input_tokens, output_tokens, cost, agent, completed, duration, record)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        task.Id,
        task.RunId,
        task.Ordinal,
        EnumWords<WorkStatus>.Write(task.Status),
        task.Weight,
        task.Usage.InputTokens,
        task.Usage.OutputTokens,
        Cost(task.Usage),
        task.Agent,
        task.CompletedAt?.UtcTicks,
        WorkedTime.Of(task)?.Ticks,
        json);

    public static TaskRecord? Find(SqliteSession session, string taskId) => session.QuerySingle(
        "SELECT record FROM tasks WHERE id = ?", static row => RecordJson.Read<TaskRecord>(row.GetSpan(0)), taskId);

    public static Page<TaskRecord> List(SqliteSession session, string runId, int limit, string? cursor)
    {
        limit = PageLimit.Bound(limit);
        var after = PageCursor.Parse(CursorKind, cursor) ?? new PageCursor(CursorKind, long.MinValue, 0);
        var rows = session.Query(
            ListStatement,
            static row => (Ordinal: row.GetInt64(0), Seq: row.GetInt64(1), Task: RecordJson.Read<TaskRecord>(row.GetSpan(2))),
            runId,
            after.Order,
            after.Row,
            limit + 1);
        if (rows.Count <= limit) return new(rows.ConvertAll(static row => row.Task), null);
        rows.RemoveAt(limit);
        return new(rows.ConvertAll(static row => row.Task), new PageCursor(CursorKind, rows[^1].Ordinal, rows[^1].Seq).ToString());
    }

    public static ChangeResult<TaskRecord>? Update(SqliteSession session, string taskId, Change<TaskRecord> change)
    {
        var (seq, json) = session.QuerySingle(
            "SELECT seq, record FROM tasks WHERE id = ?", static row => (row.GetInt64(0), row.GetString(1)), taskId);
        if (json is null) return null;
        var stored = RecordJson.Read<TaskRecord>(json);
        if (new StoredRecord<TaskRecord>(stored, stored.Revision, json).Apply(RecordKinds.Task, change) is not { } changed) return new(stored, Changed: false);
        Write(session, seq, changed.Record, changed.Json);
        return new(changed.Record, Changed: true);
    }

    /// <summary>Of a sum of the cost column, in US dollars.</summary>
    public static decimal? ReadCost(long? cost) => cost / CostUnit;

    private static void Write(SqliteSession session, long seq, TaskRecord task, string json) => session.Execute(
        """
        UPDATE tasks SET status = ?, weight = ?, input_tokens = ?, output_tokens = ?, cost = ?, agent = ?, completed = ?, duration = ?, record = ?
        WHERE seq = ?
        """,
        EnumWords<WorkStatus>.Write(task.Status),
        task.Weight,
        task.Usage.InputTokens,
        task.Usage.OutputTokens,
        Cost(task.Usage),
        task.Agent,
        task.CompletedAt?.UtcTicks,
        WorkedTime.Of(task)?.Ticks,
        json,
        seq);

    private static long? Cost(Usage usage) => usage.CostUsd is { } cost ? (long)decimal.Round(cost * CostUnit) : null;
}
