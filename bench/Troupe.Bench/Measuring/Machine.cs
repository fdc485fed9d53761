using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Sqlite;

namespace Troupe.Bench.Measuring;

internal static class Machine
{
    /// <summary>What the figures were measured on, with the cost of one small durable commit: the unit that all of them depend on.</summary>
    public static async Task<string> DescribeAsync()
    {
        using var folder = new TemporaryFolder();
        await using var database = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(Path.Combine(folder.Path, "commit.db")),
            [new("Create a table", "CREATE TABLE t (n INTEGER PRIMARY KEY, data TEXT)")],
            NullLogger.Instance,
            CancellationToken.None);
        List<double> milliseconds = [];
        for (var i = 0; i < 500; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await database.WriteAsync(static session => session.Execute("INSERT INTO t (data) VALUES ('x')"));
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"SQLite {SqliteDatabase.LibraryDescription}, synchronous=FULL; "
            + $"one small commit takes {Statistics.Median(milliseconds):0.00} ms (p99 {Statistics.Percentile(milliseconds, 0.99):0.00} ms)";
    }
}
