using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Testing.Disk;

namespace Troupe.Sqlite.Tests.Faults;

/// <summary>The disk fails at the first write, truncation or fsync of a file, at the second, and so on until nothing fails any more.</summary>
public sealed class DiskFaultTests
{
    /// <summary>Every so many actions of the disk; TROUPE_EVERY_FAULT=1 takes each one.</summary>
    private static readonly int Stride = Environment.GetEnvironmentVariable("TROUPE_EVERY_FAULT") == "1" ? 1 : 3;

    private static readonly SqliteMigration[] Schema = [new("Create the table of pairs", "CREATE TABLE pairs (n INTEGER, half INTEGER, data BLOB)")];

    [Theory]
    [InlineData(DiskVerdict.Failed, false)]
    [InlineData(DiskVerdict.Full, false)]
    [InlineData(DiskVerdict.Torn, false)]
    [InlineData(DiskVerdict.Failed, true)]
    [InlineData(DiskVerdict.Torn, true)]
    public async Task Disk_FailsAtAnyAction_KeepsWhatWasAnsweredAndNoHalves(DiskVerdict fault, bool dies)
    {
        var k = 1 + ((int)fault % Stride);
        var struck = new ConcurrentDictionary<DiskAction, bool>();
        while (await RunAsync(k, fault, dies, struck)) k += Stride;

        Assert.InRange(k, 60, 1_000);
        Assert.Superset(new HashSet<DiskAction> { DiskAction.Write, DiskAction.Sync }, struck.Keys.ToHashSet());
    }

    /// <summary>False where the fault came too late to strike.</summary>
    private static async Task<bool> RunAsync(int k, DiskVerdict fault, bool dies, ConcurrentDictionary<DiskAction, bool> struck)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("pairs.db");
        var answered = new ConcurrentBag<int>();
        var actions = 0;
        using (new FaultyDisk(folder.Path, Judge))
        {
            await WorkAsync(path, answered, dies ? 1 : 2);
        }

        if (dies && actions >= k) path = TakeWhatIsLeft(folder, path);
        await using var database = await OpenAsync(path);
        Assert.Equal("ok", await database.ReadAsync(static session => session.QuerySingle("PRAGMA integrity_check", static row => row.GetString(0))));
        var found = await database.ReadAsync(static session => session.Query("SELECT n, count(*) FROM pairs GROUP BY n", static row => (N: row.GetInt32(0), Halves: row.GetInt32(1))));
        Assert.All(found, static pair => Assert.Equal(2, pair.Halves));
        Assert.Empty(answered.Except(found.Select(static pair => pair.N)));
        if (!dies) Assert.Equal(Enumerable.Range(0, 13), found.Select(static pair => pair.N).Order());
        return actions >= k;

        DiskVerdict Judge(DiskAction action, string file, long end)
        {
            var number = Interlocked.Increment(ref actions);
            if (number != k) return dies && number > k ? fault : DiskVerdict.Done;
            struck[action] = true;
            return fault;
        }
    }

    /// <summary>Writes alone, together, and much at once; what fails is tried once more where the disk works again.</summary>
    private static async Task WorkAsync(string path, ConcurrentBag<int> answered, int attempts)
    {
        SqliteDatabase? database = null;
        try
        {
            await RepeatAsync(attempts, async () => database = await OpenAsync(path));
            if (database is null) return;
            for (var n = 0; n < 4; n++) await InsertAsync(n, 10);
            await Task.WhenAll(Enumerable.Range(4, 8).Select(n => InsertAsync(n, n * 500)));
            await InsertAsync(12, 40_000);
        }
        finally
        {
            if (database is not null) await database.DisposeAsync();
        }

        Task InsertAsync(int n, int bytes) => RepeatAsync(attempts, async () =>
        {
            await database.WriteAsync(session =>
            {
                session.Execute("INSERT INTO pairs VALUES (?, 1, ?)", n, new byte[bytes]);
                session.Execute("INSERT INTO pairs VALUES (?, 2, ?)", n, new byte[bytes]);
            });
            answered.Add(n);
            Assert.Equal(2, await database.ReadAsync(session => session.QueryInt64("SELECT count(*) FROM pairs WHERE n = ?", n)));
        });
    }

    private static async Task RepeatAsync(int attempts, Func<Task> operation)
    {
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            try
            {
                await operation();
                return;
            }
            catch (SqliteException exception)
            {
                Assert.True(exception.IsStorageFailure, exception.Message);
                Assert.Matches("^(The disk is full: free some space|The file system failed: check the disk|The database file cannot be opened: check).+pairs.db'", exception.Message);
                if (attempt == 2) throw;
            }
        }
    }

    /// <summary>The files as they lay at the death, without what a last process in good order does when it closes them.</summary>
    private static string TakeWhatIsLeft(TemporaryFolder folder, string path)
    {
        var copy = folder.File("left.db");
        File.Copy(path, copy);
        if (File.Exists(path + "-wal")) File.Copy(path + "-wal", copy + "-wal");
        return copy;
    }

    private static Task<SqliteDatabase> OpenAsync(string path) =>
        SqliteDatabase.OpenAsync(new SqliteDatabaseOptions(path) { CheckpointPages = 8 }, Schema, NullLogger.Instance, default);
}
