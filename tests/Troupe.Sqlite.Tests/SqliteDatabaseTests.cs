using Microsoft.Extensions.Logging.Abstractions;

namespace Troupe.Sqlite.Tests;

public sealed class SqliteDatabaseTests : IAsyncLifetime, IDisposable
{
    private static readonly SqliteMigration[] Schema =
    [
        new("Create the table of numbers", "CREATE TABLE numbers (n INTEGER PRIMARY KEY, text TEXT, data BLOB, weight REAL)"),
    ];

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database = null!;

    private string DatabasePath => _folder.File("data/numbers.db");

    public async Task InitializeAsync() => _database = await OpenAsync(Schema);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_ManyCallers_AllAreCommitted()
    {
        await Task.WhenAll(Enumerable.Range(1, 500).Select(n => InsertAsync(n)));

        Assert.Equal(500, await CountAsync());
    }

    [Fact]
    public async Task WriteAsync_OneOfManyThrows_OnlyThatOneIsUndone()
    {
        var writes = Enumerable.Range(1, 200).Select(n => _database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO numbers (n) VALUES (?)", n);
            if (n % 50 == 0) throw new InvalidDataException("not this one");
            return n;
        })).ToList();

        foreach (var (write, index) in writes.Select((write, index) => (write, index)))
        {
            if ((index + 1) % 50 == 0) await Assert.ThrowsAsync<InvalidDataException>(() => write);
            else Assert.Equal(index + 1, await write);
        }

        Assert.Equal(196, await CountAsync());
    }

    [Fact]
    public async Task WriteAsync_ViolatedConstraint_SaysSoAndTheWriterGoesOn()
    {
        await InsertAsync(1);

        var error = await Assert.ThrowsAsync<SqliteException>(() => InsertAsync(1));

        Assert.True(error.IsConstraintViolation);
        Assert.False(error.IsStorageFailure);
        await InsertAsync(2);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task WriteAsync_DiskFull_FailsClearlyReadsGoOnAndItRecovers()
    {
        await InsertAsync(1);
        await _database.WriteAsync(session => session.Execute("PRAGMA max_page_count = 3"));

        var error = await Assert.ThrowsAsync<SqliteException>(() => InsertAsync(2, new byte[1 << 20]));

        Assert.True(error.IsStorageFailure);
        Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync());
        await _database.WriteAsync(session => session.Execute("PRAGMA max_page_count = 1000000"));
        await InsertAsync(2, new byte[1 << 20]);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task ReadAsync_WhileAWriteIsUnderWay_SeesTheStateBefore()
    {
        await InsertAsync(1);

        await _database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO numbers (n) VALUES (2)");
            var read = _database.ReadAsync(reader => reader.QueryInt64("SELECT count(*) FROM numbers"));
            Assert.True(read.IsCompletedSuccessfully);
            return true;
        });

        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task ReadAsync_StatementThatWrites_IsRefused() =>
        await Assert.ThrowsAsync<SqliteException>(() => _database.ReadAsync(session => session.Execute("DELETE FROM numbers")));

    [Fact]
    public async Task ReadAsync_Cancelled_IsInterrupted()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _database.ReadAsync(
            session => session.QueryInt64("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
            cancellation.Token));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Values_OfEveryKind_ComeBackAsTheyWere()
    {
        var text = new string('ä', 1000);
        await _database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO numbers VALUES (?, ?, ?, ?)", long.MaxValue, text, new byte[] { 1, 2, 3 }, 1.5);
            session.Execute("INSERT INTO numbers VALUES (?, ?, ?, ?)", 1, "", Array.Empty<byte>(), SqliteValue.Null);
        });

        var rows = await _database.ReadAsync(session => session.Query(
            "SELECT n, text, data, weight FROM numbers ORDER BY n DESC",
            row => (N: row.GetInt64(0), Text: row.GetStringOrNull(1), Data: row.GetBytesOrNull(2), Weight: row.GetDoubleOrNull(3))));

        Assert.Equal((long.MaxValue, text, 1.5), (rows[0].N, rows[0].Text, rows[0].Weight!.Value));
        Assert.Equal([1, 2, 3], rows[0].Data!);
        Assert.Equal("", rows[1].Text);
        Assert.Empty(rows[1].Data!);
        Assert.Null(rows[1].Weight);
    }

    [Fact]
    public async Task Execute_WrongNumberOfValues_SaysHowMany()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() =>
            _database.WriteAsync(session => session.Execute("INSERT INTO numbers (n, text) VALUES (?, ?)", 1)));

        Assert.Contains("takes 2 values but got 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_OwnedAlready_SaysByWhom()
    {
        var error = await Assert.ThrowsAsync<SqliteDatabaseInUseException>(() => OpenAsync(Schema));

        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Owner, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_NewerSchema_IsRefusedAndLeftAlone()
    {
        await InsertAsync(1);
        await _database.DisposeAsync();

        await Assert.ThrowsAsync<SqliteSchemaTooNewException>(() => OpenAsync([]));

        _database = await OpenAsync(Schema);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task OpenAsync_SecondOfTwoMigrationsFails_NeitherIsTaken()
    {
        await _database.DisposeAsync();

        await Assert.ThrowsAsync<SqliteException>(() => OpenAsync(
            [.. Schema, new("Add a table", "CREATE TABLE more (n INTEGER)"), new("Break", "CREATE TABLE more (n INTEGER)")]));

        _database = await OpenAsync([.. Schema, new("Add a table", "CREATE TABLE more (n INTEGER); CREATE INDEX more_n ON more (n)")]);
        Assert.Equal(2, await _database.ReadAsync(session => session.QueryInt64("PRAGMA user_version")));
    }

    [Fact]
    public async Task OpenAsync_WhatFollowsAMigrationsScriptFails_NothingIsTaken()
    {
        await _database.DisposeAsync();
        var migration = new SqliteMigration("Add a table", "CREATE TABLE more (n INTEGER)")
        {
            Then = static session =>
            {
                session.Execute("INSERT INTO more VALUES (1)");
                throw new InvalidOperationException("on purpose");
            },
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync([.. Schema, migration]));

        _database = await OpenAsync([.. Schema, migration with { Then = static session => session.Execute("INSERT INTO more VALUES (2)") }]);

        Assert.Equal(2, await _database.ReadAsync(session => session.QueryInt64("SELECT sum(n) FROM more")));
    }

    [Fact]
    public async Task DisposeAsync_WritesStillWaiting_AreCommittedAndLaterOnesRefused()
    {
        var writes = Enumerable.Range(1, 100).Select(n => InsertAsync(n)).ToList();

        await _database.DisposeAsync();

        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(101));
        await Assert.ThrowsAsync<ObjectDisposedException>(CountAsync);
        _database = await OpenAsync(Schema);
        Assert.Equal(100, await CountAsync());
    }

    [Fact]
    public async Task Log_UnderConstantWriting_DoesNotGrowForEver()
    {
        await _database.DisposeAsync();
        _database = await SqliteDatabase.OpenAsync(
            new SqliteDatabaseOptions(DatabasePath) { CheckpointPages = 50 }, Schema, NullLogger.Instance, default);

        for (var n = 1; n <= 2_000; n++) await InsertAsync(n, new byte[4_096]);

        Assert.InRange(new FileInfo(DatabasePath + "-wal").Length, 1, 8L << 20);
    }

    [Fact]
    public async Task BackUpAsync_OfALiveDatabase_IsAWholeCopy()
    {
        await InsertAsync(1);
        var copy = _folder.File("copy.db");

        await _database.BackUpAsync(copy);

        await using var opened = await SqliteDatabase.OpenAsync(new SqliteDatabaseOptions(copy), Schema, NullLogger.Instance, default);
        Assert.Equal(1, await opened.ReadAsync(session => session.QueryInt64("SELECT count(*) FROM numbers")));
    }

    [Fact]
    public void LibraryDescription_OnThisMachine_NamesVersionAndOrigin() =>
        Assert.Matches(@"^3\.\d+\.\d+ \((the machine's .+|bundled)\)$", SqliteDatabase.LibraryDescription);

    private Task<SqliteDatabase> OpenAsync(IReadOnlyList<SqliteMigration> migrations) =>
        SqliteDatabase.OpenAsync(new SqliteDatabaseOptions(DatabasePath), migrations, NullLogger.Instance, default);

    private Task InsertAsync(int n, byte[]? data = null) =>
        _database.WriteAsync(session => session.Execute("INSERT INTO numbers (n, data) VALUES (?, ?)", n, data));

    private Task<long> CountAsync() => _database.ReadAsync(session => session.QueryInt64("SELECT count(*) FROM numbers"));
}
