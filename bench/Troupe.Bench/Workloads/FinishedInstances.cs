using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Bench.Engine;
using Troupe.Engine.Sqlite;
using Troupe.Sqlite;

namespace Troupe.Bench.Workloads;

/// <summary>Fills a history file with finished runs, faster than by running them: as copies of one that did run.</summary>
internal static class FinishedInstances
{
    public static async Task AddAsync(string folder, int count)
    {
        await using (var engine = await BenchEngine.StartAsync(folder)) await engine.RunAsync("One", 1);
        await using var database = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(Path.Combine(folder, "history.db")), HistorySchema.Migrations, NullLogger.Instance, CancellationToken.None);
        await database.WriteAsync(session => Copy(session, count));
    }

    private static void Copy(SqliteSession session, int count)
    {
        const string Numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2) ";
        var original = session.QueryInt64("SELECT key FROM instances WHERE name = 'One' ORDER BY key DESC LIMIT 1");
        var columns = InstanceTable.Columns["key, id, ".Length..];
        session.Execute(
            $"{Numbers} INSERT INTO instances (key, id, {columns}, ready) SELECT key + n, 'f-' || n, {columns}, ready FROM instances, numbers WHERE key = ?1",
            original, count);
        session.Execute(
            $"{Numbers} INSERT INTO history (instance, step, data) SELECT instance + n, step, data FROM numbers, history WHERE instance = ?1",
            original, count);
    }
}
