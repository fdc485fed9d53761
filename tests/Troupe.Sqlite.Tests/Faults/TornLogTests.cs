using Microsoft.Extensions.Logging.Abstractions;

namespace Troupe.Sqlite.Tests.Faults;

/// <summary>The write-ahead log ends anywhere, as after a loss of power in the middle of a write.</summary>
public sealed class TornLogTests : IAsyncLifetime, IDisposable
{
    private const int Commits = 12;

    private static readonly SqliteMigration[] Schema = [new("Create the table of numbers", "CREATE TABLE numbers (n INTEGER PRIMARY KEY, data BLOB)")];

    private readonly TemporaryFolder _folder = new();
    private readonly List<long> _ends = [];
    private byte[] _file = [];
    private byte[] _log = [];

    /// <summary>Takes the files from under a process that has not closed them, and notes how long the log was after each commit.</summary>
    public async Task InitializeAsync()
    {
        var path = _folder.File("numbers.db");
        await using var database = await OpenAsync(path);
        for (var n = 1; n <= Commits; n++)
        {
            await database.WriteAsync(session => session.Execute("INSERT INTO numbers VALUES (?, ?)", n, new byte[n % 4 * 3_000]));
            _ends.Add(new FileInfo(path + "-wal").Length);
        }

        _file = await ReadAsync(path);
        _log = await ReadAsync(path + "-wal");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Damage.CutOff)]
    [InlineData(Damage.Zeros)]
    [InlineData(Damage.Noise)]
    [InlineData(Damage.OneBit)]
    public async Task Log_DamagedFromAnyOffset_OpensWithTheCommitsBeforeIt(Damage damage)
    {
        foreach (var offset in Offsets())
        {
            // Damage may leave the bytes that it meets first as they were.
            var log = Damaged(offset, damage);
            var sound = log.AsSpan().CommonPrefixLength(_log);
            var whole = _ends.Count(end => end <= sound);
            var found = await OpenAsync(log);
            Assert.True(found == whole, $"{damage} at {offset}: {found} commits instead of {whole}.");
        }
    }

    private async Task<long> OpenAsync(byte[] log)
    {
        var path = _folder.File("damaged.db");
        await File.WriteAllBytesAsync(path, _file);
        await File.WriteAllBytesAsync(path + "-wal", log);
        await using var database = await OpenAsync(path);
        Assert.Equal("ok", await database.ReadAsync(static session => session.QuerySingle("PRAGMA integrity_check", static row => row.GetString(0))));
        var (count, last) = await database.ReadAsync(static session => (
            session.QueryInt64("SELECT count(*) FROM numbers"), session.QueryInt64("SELECT max(n) FROM numbers")));
        Assert.Equal(count, last);
        return count;
    }

    private byte[] Damaged(long offset, Damage damage)
    {
        var log = damage == Damage.CutOff ? _log[..(int)offset] : [.. _log];
        var tail = damage == Damage.CutOff ? [] : log.AsSpan((int)offset);
        if (damage == Damage.Zeros) tail.Clear();
        if (damage == Damage.Noise) new Random((int)offset).NextBytes(tail);
        if (damage == Damage.OneBit && tail.Length > 0) tail[0] ^= 0x10;
        return log;
    }

    /// <summary>Around the end of every commit, and at many places between.</summary>
    private IEnumerable<long> Offsets() => _ends.SelectMany(static end => new[] { end - 1, end })
        .Concat(Enumerable.Range(0, 40).Select(i => 32 + (i * (_log.Length - 32L) / 40)))
        .Where(offset => offset >= 32 && offset < _log.Length)
        .Distinct();

    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static Task<SqliteDatabase> OpenAsync(string path) => SqliteDatabase.OpenAsync(
        new SqliteDatabaseOptions(path) { CheckpointPages = 1_000_000 }, Schema, NullLogger.Instance, default);
}

public enum Damage
{
    CutOff,
    Zeros,
    Noise,
    OneBit,
}
