using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Crash.Harness;
using Troupe.Engine.Replay;
using Troupe.Engine.Sqlite;
using Troupe.Sqlite;

namespace Troupe.Engine.Crash.Judging;

/// <summary>What a process left behind when it was killed.</summary>
internal sealed record Wreckage(long Unfinished, long OpenActivities, long Inbox, long Timers, long Suspended)
{
    public static readonly Wreckage None = new(0, 0, 0, 0, 0);

    public bool IsEmpty => Unfinished + Inbox == 0;
}

/// <summary>Examines a copy of the engine's file as the killed process left it, so that the next process does the recovery itself.</summary>
internal sealed class StoreJudge(string folder, Verdict verdict)
{
    /// <summary>Each query must find nothing.</summary>
    private static readonly (string What, string Sql)[] Offences =
    [
        ("an inbox message of no instance", "SELECT instance FROM inbox WHERE instance NOT IN (SELECT key FROM instances)"),
        ("a history of no instance", "SELECT instance FROM history WHERE instance NOT IN (SELECT key FROM instances)"),
        ("a delivery of no instance", "SELECT instance FROM deliveries WHERE instance NOT IN (SELECT key FROM instances)"),
        ("a payload of no instance", "SELECT instance FROM payloads WHERE instance NOT IN (SELECT key FROM instances)"),
        ("a child of a parent that is gone", "SELECT key FROM instances WHERE parent_key NOT IN (SELECT key FROM instances)"),
        ("a message or a delivery of an instance that can never go on", """
            SELECT key FROM instances WHERE status IN (1, 4, 5) AND (key IN (SELECT instance FROM inbox) OR key IN (SELECT instance FROM deliveries))
            """),
        ("a gap in a history", """
            SELECT i.key FROM instances AS i LEFT JOIN (SELECT instance, count(*) AS n, max(step) AS last FROM history GROUP BY instance) AS h
            ON h.instance = i.key WHERE i.steps <> coalesce(h.n, 0) OR (h.n IS NOT NULL AND h.last <> h.n - 1)
            """),
        ("a blocked instance", "SELECT key FROM instances WHERE blocked_reason IS NOT NULL"),
    ];

    private const string FinishedStatuses = "(1, 3, 4, 5)";

    private string Original => Path.Combine(folder, "history.db");

    /// <summary>Throws where the file is damaged or contradicts itself.</summary>
    public async Task<Wreckage> ExamineAsync()
    {
        if (CopyOf(Original) is not { } copy) return Wreckage.None;
        var wreckage = await ExamineTablesAsync(copy);
        await using var store = await SqliteHistoryStore.OpenAsync(copy, NullLogger.Instance, CancellationToken.None);
        foreach (var record in await store.ListAsync(Unfinished, 0, int.MaxValue, CancellationToken.None)) await LoadAsync(store, record.Id);
        return wreckage;
    }

    /// <summary>The history of an instance, one event a line.</summary>
    public async Task<string> TellHistoryAsync(string instance)
    {
        if (CopyOf(Original) is not { } copy) return "(no store)";
        await using var store = await SqliteHistoryStore.OpenAsync(copy, NullLogger.Instance, CancellationToken.None);
        return await store.LoadAsync(instance, CancellationToken.None) is { } snapshot
            ? string.Join('\n', [snapshot.Record.ToString(), .. HistoryView.Of(snapshot.Record.Name, snapshot.History).Select(static told => told.ToString())])
            : "(no such instance)";
    }

    private static OrchestrationQuery Unfinished => new()
    {
        Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended],
    };

    private async Task<Wreckage> ExamineTablesAsync(string copy)
    {
        await using var database = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(copy), HistorySchema.Migrations, NullLogger.Instance, CancellationToken.None);
        return await database.ReadAsync(session =>
        {
            var integrity = session.QuerySingle("PRAGMA integrity_check", static row => row.GetString(0));
            if (integrity != "ok") throw verdict.Fail("store", $"PRAGMA integrity_check says: {integrity}");
            foreach (var (what, sql) in Offences)
            {
                if (session.Query(sql, static row => row.GetInt64(0)) is { Count: > 0 } keys)
                    throw verdict.Fail(NameOf(session, keys[0]), $"the store holds {what} ({keys.Count} times; instance key {keys[0]})");
            }

            return new Wreckage(
                session.QueryInt64($"SELECT count(*) FROM instances WHERE status NOT IN {FinishedStatuses}"),
                session.QueryInt64($"SELECT sum(open_activities) FROM instances WHERE status NOT IN {FinishedStatuses}"),
                session.QueryInt64("SELECT count(*) FROM inbox"),
                session.QueryInt64("SELECT count(*) FROM instances WHERE wake_at IS NOT NULL"),
                session.QueryInt64($"SELECT count(*) FROM instances WHERE status = {(int)OrchestrationRuntimeStatus.Suspended}"));
        });
    }

    private async Task LoadAsync(SqliteHistoryStore store, string id)
    {
        try
        {
            await store.LoadAsync(id, CancellationToken.None);
        }
        catch (InvalidDataException exception)
        {
            throw verdict.Fail(id, $"it cannot be read from the store any more: {exception.Message}");
        }
    }

    /// <summary>Null where there is no file yet.</summary>
    private string? CopyOf(string original)
    {
        var target = Path.Combine(folder, "examined");
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.CreateDirectory(target);
        if (!File.Exists(original)) return null;
        foreach (var suffix in (string[])["", "-wal"])
        {
            if (File.Exists(original + suffix)) File.Copy(original + suffix, Path.Combine(target, "history.db" + suffix));
        }

        return Path.Combine(target, "history.db");
    }

    private static string NameOf(SqliteSession session, long key) =>
        session.QuerySingle("SELECT id FROM instances WHERE key = ?", static row => row.GetString(0), key) ?? "(none)";
}
