using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Troupe.Testing;
using Troupe.Testing.Disk;

namespace Troupe.Sqlite.Tests.Faults;

/// <summary>The disk is full for a while.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new("Create the table of numbers", "CREATE TABLE numbers (n INTEGER PRIMARY KEY)")];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Lines _log = new();
    private volatile bool _isFull;
    private int _writes;

    private string DatabasePath => _folder.File("numbers.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_OnAFullDisk_LeavesNoLockBehind()
    {
        using var disk = Disk();
        _isFull = true;
        var failure = await Assert.ThrowsAsync<SqliteException>(OpenAsync);
        Assert.True(failure.IsStorageFailure);
        Assert.Equal("numbers.db cannot be used. The disk is full: free some space; nothing is lost and no restart is needed.", failure.Reason);

        _isFull = false;
        await using var database = await OpenAsync();
        await InsertAsync(database, 1);
    }

    [Fact]
    public async Task Write_OnAFullDisk_FailsAsTranslatedAndReadsGoOn()
    {
        using var disk = Disk();
        await using var database = await OpenAsync();
        await InsertAsync(database, 1);
        _isFull = true;

        var failure = await Assert.ThrowsAsync<IOException>(() => InsertAsync(database, 2));

        Assert.StartsWith("numbers.db cannot be used. The disk is full: free some space", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, await database.ReadAsync(static session => session.QueryInt64("SELECT count(*) FROM numbers")));
        Assert.True((await Assert.ThrowsAsync<SqliteException>(() => InsertAsync(database, 1))).IsConstraintViolation);
        _isFull = false;
    }

    [Fact]
    public async Task CheckWrites_WhileTheDiskIsFull_TriesOnceASecondAndNeverElse()
    {
        using var disk = Disk();
        await using var database = await OpenAsync();
        await InsertAsync(database, 1);
        await CheckAsync(database, fails: false, tries: false);

        _isFull = true;
        await Assert.ThrowsAsync<IOException>(() => InsertAsync(database, 2));
        await CheckAsync(database, fails: true, tries: true);
        await CheckAsync(database, fails: true, tries: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(database, fails: true, tries: true);

        _isFull = false;
        await CheckAsync(database, fails: true, tries: false);
        _time.Advance(TimeSpan.FromSeconds(1));
        await CheckAsync(database, fails: false, tries: true);
        await CheckAsync(database, fails: false, tries: false);
    }

    [Fact]
    public async Task Log_OfAStreakOfFailures_HasItsBeginningAndItsEnd()
    {
        using var disk = Disk();
        await using var database = await OpenAsync();
        foreach (var round in new[] { 1, 2 })
        {
            _isFull = true;
            for (var n = 0; n < 5; n++) await Assert.ThrowsAsync<IOException>(() => InsertAsync(database, round));
            _isFull = false;
            await InsertAsync(database, round);
            Assert.Equal(round, _log.Written.Count(static line => line.Contains("numbers.db fails", StringComparison.Ordinal)));
            Assert.Equal(round, _log.Written.Count(static line => line.Contains("numbers.db succeeds again", StringComparison.Ordinal)));
            _time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    private async Task CheckAsync(SqliteDatabase database, bool fails, bool tries)
    {
        var before = Volatile.Read(ref _writes);
        Assert.Equal(fails, await database.CheckWritesAsync() is not null);
        Assert.Equal(tries, Volatile.Read(ref _writes) > before);
    }

    private FaultyDisk Disk() => new(_folder.Path, (_, _, _) =>
    {
        Interlocked.Increment(ref _writes);
        return _isFull ? DiskVerdict.Full : DiskVerdict.Done;
    });

    private static Task InsertAsync(SqliteDatabase database, int n) =>
        database.WriteAsync(session => session.Execute("INSERT INTO numbers VALUES (?)", n));

    private Task<SqliteDatabase> OpenAsync() => SqliteDatabase.OpenAsync(
        new SqliteDatabaseOptions(DatabasePath) { Time = _time, TranslateStorageFailure = static failure => new IOException(failure.Reason, failure) },
        Schema,
        _log,
        default);

    private sealed class Lines : ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Written => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));
    }
}
