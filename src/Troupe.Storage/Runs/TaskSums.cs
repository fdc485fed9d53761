using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Sqlite;

namespace Troupe.Storage.Runs;

/// <summary>What is computed over many tasks, from indexes alone.</summary>
internal static class TaskSums
{
    internal const string TotalsStatement = """
        SELECT status, count(*), sum(weight), sum(input_tokens), sum(output_tokens), sum(cost)
        FROM tasks INDEXED BY tasks_totals WHERE run_id = ? GROUP BY status
        """;

    internal const string RunningStatement = """
        SELECT record FROM tasks INDEXED BY tasks_totals WHERE run_id = ? AND status = ? ORDER BY ordinal LIMIT 5
        """;

    internal const string DurationsStatement = """
        SELECT duration FROM tasks INDEXED BY tasks_durations WHERE agent = ? AND duration IS NOT NULL ORDER BY completed DESC LIMIT ?
        """;

    public static RunTotals Totals(SqliteSession session, string runId)
    {
        var sums = session.Query(
            TotalsStatement,
            static row => (
                Status: EnumWords<WorkStatus>.Read(row.GetString(0)),
                Count: row.GetInt32(1),
                Weight: row.GetDouble(2),
                Usage: new Usage(row.GetInt64(3), row.GetInt64(4), TaskRows.ReadCost(row.GetInt64OrNull(5)))),
            runId);
        return new(
            sums.ToDictionary(static sum => sum.Status, static sum => sum.Count),
            Math.Min(1, sums.Where(static sum => sum.Status.IsTerminal()).Sum(static sum => sum.Weight)),
            sums.Aggregate(Usage.None, static (total, sum) => total.Add(sum.Usage)),
            RunningTitles(session, runId));
    }

    public static TimeSpan? MedianDuration(SqliteSession session, string agent) =>
        WorkedTime.Median(session.Query(DurationsStatement, static row => TimeSpan.FromTicks(row.GetInt64(0)), agent, WorkedTime.Latest));

    private static List<string> RunningTitles(SqliteSession session, string runId) => session.Query(
        RunningStatement,
        static row => RecordJson.Read<TaskRecord>(row.GetSpan(0)).Title,
        runId,
        EnumWords<WorkStatus>.Write(WorkStatus.Running));
}
