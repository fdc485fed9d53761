using System.Globalization;
using Microsoft.Extensions.Logging;
using Troupe.Sqlite.Native;
using Troupe.Sqlite.Ownership;
using Troupe.Sqlite.Reading;
using Troupe.Sqlite.Writing;

namespace Troupe.Sqlite;

/// <summary>
/// A SQLite file with one owning process. Writes share transactions (group commit) and are durable (fsync) once answered; reads never
/// wait for writes. After a full disk or an I/O error it works again as soon as the disk does.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    private readonly SqliteDatabaseOptions _options;
    private readonly OwnerLock _owner;
    private readonly SqliteConnection _connection;
    private readonly LogCheckpointer _checkpointer;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private bool _disposed;

    private SqliteDatabase(SqliteDatabaseOptions options, OwnerLock owner, SqliteConnection connection, ILogger logger)
    {
        _options = options;
        _owner = owner;
        _connection = connection;
        _checkpointer = new LogCheckpointer(SqliteConnection.Open(options.Path, readOnly: false, BusyTimeout), options.CheckpointPages, logger);
        _writer = new SqliteWriter(connection, _checkpointer, options, logger);
        _readers = new SqliteReaders(options, BusyTimeout, new FailureStreak("Reading from", options.Path, options.Time, logger));
    }

    /// <summary>The version of the SQLite library in use, and whether it is the machine's own or the bundled one.</summary>
    public static string LibraryDescription => SqliteLibrary.Description;

    /// <summary>Where the database is.</summary>
    public string Path => _options.Path;

    /// <summary>Opens or creates a database (its folder too), takes ownership, and takes all missing migrations at once or none.</summary>
    /// <exception cref="SqliteDatabaseInUseException">Another process owns it.</exception>
    /// <exception cref="SqliteSchemaTooNewException">A newer release wrote it.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or migrated.</exception>
    public static Task<SqliteDatabase> OpenAsync(
        SqliteDatabaseOptions options, IReadOnlyList<SqliteMigration> migrations, ILogger logger, CancellationToken cancellation) =>
        Task.Run(() => Open(options, migrations, logger), cancellation);

    /// <summary>
    /// Runs work in the writer's next transaction, which it may share with others', and returns once that is committed. The work runs on
    /// the writer's thread: it should do nothing but its statements, and it may run more than once before it is committed once. If it
    /// throws, what it did is undone, and nobody else is harmed.
    /// </summary>
    /// <exception cref="SqliteException">
    /// A statement or the commit failed; nothing of the work was kept. <see cref="SqliteDatabaseOptions.TranslateStorageFailure"/> can put
    /// another in its place where the disk is to blame.
    /// </exception>
    /// <exception cref="ObjectDisposedException"/>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation = default) =>
        _writer.WriteAsync(work, cancellation);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellation = default) =>
        _writer.WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellation);

    /// <summary>Runs a query over one snapshot, on the caller's thread; cancelling interrupts it.</summary>
    /// <exception cref="SqliteException"/>
    /// <exception cref="ObjectDisposedException"/>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellation = default) =>
        _readers.ReadAsync(query, cancellation);

    /// <summary>
    /// Why the disk did not take the last write; null where it did. While writes fail, this tries one, at most once a second; else it
    /// touches no disk.
    /// </summary>
    public async Task<SqliteException?> CheckWritesAsync(CancellationToken cancellation = default)
    {
        if (_writer.Failures.TakeProbe())
        {
            // Giving the schema its own number again changes nothing but writes a page.
            var probe = _writer.WriteAsync(
                static session => session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {session.QueryInt64("PRAGMA user_version")}")),
                cancellation);
            await ((Task)probe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _writer.Failures.Current;
    }

    /// <summary>Copies the database, as it is at one instant, into a new file while work goes on.</summary>
    /// <exception cref="SqliteException">The destination exists, or cannot be written.</exception>
    public Task BackUpAsync(string destination, CancellationToken cancellation = default) =>
        Task.Run(
            () =>
            {
                using var connection = SqliteConnection.Open(_options.Path, readOnly: true, BusyTimeout);
                using var registration = cancellation.UnsafeRegister(static state => SqliteApi.InterruptWork(((SqliteConnection)state!).Handle), connection);
                connection.Session.Execute("VACUUM INTO ?", destination);
            },
            cancellation);

    /// <summary>Commits what waits, copies the write-ahead log back, and gives up ownership.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await _writer.StopAsync();
        await _readers.CloseAsync();
        await _checkpointer.FinishAsync();
        _checkpointer.Dispose();
        _connection.Dispose();
        _owner.Dispose();
    }

    private static SqliteDatabase Open(SqliteDatabaseOptions options, IReadOnlyList<SqliteMigration> migrations, ILogger logger)
    {
        options = options with { Path = System.IO.Path.GetFullPath(options.Path) };
        options.Validate();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(options.Path)!);
        var owner = OwnerLock.Take(options.Path, TimeProvider.System);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnection.Open(options.Path, readOnly: false, BusyTimeout);
            connection.Session.ExecuteScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768");
            var taken = SqliteMigrator.Migrate(connection, options.Path, migrations);
            connection.WatchLog();
            logger.LogInformation("Opened {Path} with SQLite {Library}; migrations run: {Migrations}", options.Path, LibraryDescription, taken);
            var database = new SqliteDatabase(options, owner, connection, logger);
            database._writer.Start();
            return database;
        }
        catch
        {
            connection?.Dispose();
            owner.Dispose();
            throw;
        }
    }
}
