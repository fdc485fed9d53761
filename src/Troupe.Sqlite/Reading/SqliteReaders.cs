using System.Collections.Concurrent;
using Troupe.Sqlite.Native;

namespace Troupe.Sqlite.Reading;

/// <summary>A bounded pool of read-only connections, opened when first needed. Each query sees one snapshot.</summary>
internal sealed class SqliteReaders(SqliteDatabaseOptions options, TimeSpan busyTimeout, FailureStreak failures)
{
    private readonly SemaphoreSlim _permits = new(options.MaxReaders);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _closed;

    internal async Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellation)
    {
        await _permits.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteDatabase));
            var answer = Read(query, cancellation);
            failures.Succeeded();
            return answer;
        }
        catch (SqliteException exception) when (exception.IsStorageFailure)
        {
            failures.Failed(exception);
            throw options.TranslateStorageFailure(exception);
        }
        finally
        {
            _permits.Release();
        }
    }

    /// <summary>Waits for the queries that run, then closes every connection.</summary>
    internal async Task CloseAsync()
    {
        _closed = true;
        for (var i = 0; i < options.MaxReaders; i++) await _permits.WaitAsync();
        while (_idle.TryTake(out var connection)) connection.Dispose();
        _permits.Release(options.MaxReaders);
    }

    private SqliteConnection Open()
    {
        var connection = SqliteConnection.Open(options.Path, readOnly: true, busyTimeout);
        connection.Session.Execute("PRAGMA query_only = 1");
        return connection;
    }

    private T Read<T>(Func<SqliteSession, T> query, CancellationToken cancellation)
    {
        if (!_idle.TryTake(out var connection)) connection = Open();
        try
        {
            return Read(connection, query, cancellation);
        }
        finally
        {
            _idle.Add(connection);
        }
    }

    private static T Read<T>(SqliteConnection connection, Func<SqliteSession, T> query, CancellationToken cancellation)
    {
        connection.Session.Execute("BEGIN");
        try
        {
            // Ends before the transaction does, so that no interrupt can leave that open.
            using var registration = cancellation.UnsafeRegister(
                static state => SqliteApi.InterruptWork(((SqliteConnection)state!).Handle), connection);
            return query(connection.Session);
        }
        catch (SqliteException exception) when (exception.ErrorCode == SqliteApi.Interrupt && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException("The query was cancelled.", exception, cancellation);
        }
        finally
        {
            if (connection.InTransaction) connection.Session.Execute("COMMIT");
        }
    }
}
