using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Troupe.Sqlite.Native;

namespace Troupe.Sqlite.Writing;

/// <summary>
/// The only writer of a database: one thread that takes everything that waits into one transaction, so that all of it shares one fsync.
/// While a commit is on its way to the disk the next group gathers.
/// </summary>
internal sealed class SqliteWriter
{
    private readonly SqliteConnection _connection;
    private readonly LogCheckpointer _checkpointer;
    private readonly ILogger _logger;
    private readonly int _maxPerCommit;
    private readonly Action<int, TimeSpan>? _onCommit;
    private readonly Func<SqliteException, Exception> _translate;
    private readonly SemaphoreSlim _room;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WriteItem> _waiting = [];
    private bool _idle = true;
    private bool _closing;

    internal SqliteWriter(SqliteConnection connection, LogCheckpointer checkpointer, SqliteDatabaseOptions options, ILogger logger)
    {
        _connection = connection;
        _checkpointer = checkpointer;
        _logger = logger;
        _maxPerCommit = options.MaxWritesPerCommit;
        _onCommit = options.OnCommit;
        _translate = options.TranslateStorageFailure;
        Failures = new FailureStreak("Writing to", options.Path, options.Time, logger);
        _room = new SemaphoreSlim(options.MaxQueuedWrites);
    }

    internal FailureStreak Failures { get; }

    internal void Start() => new Thread(Loop) { IsBackground = true, Name = "sqlite-writer" }.Start();

    internal Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation)
    {
        var item = new WriteItem<T>(work);
        var room = _room.WaitAsync(cancellation);
        if (!room.IsCompletedSuccessfully) return WriteLaterAsync(room, item);
        Enqueue(item);
        return item.Answer;
    }

    /// <summary>Refuses new work, commits what waits, and ends the thread.</summary>
    internal Task StopAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Wake();
        }

        return _ended.Task;
    }

    private async Task<T> WriteLaterAsync<T>(Task room, WriteItem<T> item)
    {
        await room;
        Enqueue(item);
        return await item.Answer;
    }

    private void Enqueue(WriteItem item)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _waiting.Add(item);
                Wake();
                return;
            }
        }

        item.Fail(new ObjectDisposedException(nameof(SqliteDatabase)));
        Answer([item]);
    }

    private void Wake()
    {
        if (!_idle) return;
        _idle = false;
        _arrived.Release();
    }

    private void Loop()
    {
        var group = new List<WriteItem>();
        while (Take(group))
        {
            for (var start = 0; start < group.Count; start += _maxPerCommit)
                Commit(group.GetRange(start, Math.Min(_maxPerCommit, group.Count - start)));
            group.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Swaps everything that waits into <paramref name="group"/>; false when closing and nothing is left.</summary>
    private bool Take(List<WriteItem> group)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    group.AddRange(_waiting);
                    _waiting.Clear();
                    return true;
                }

                if (_closing) return false;
                _idle = true;
            }

            _arrived.Wait();
        }
    }

    private void Commit(List<WriteItem> items)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            GroupCommit.Run(_connection, items);
        }
        catch (Exception exception)
        {
            foreach (var item in items) item.Fail(exception);
            _logger.LogError(exception, "A group of {Count} writes failed in an unexpected way", items.Count);
        }

        _onCommit?.Invoke(items.Count, Stopwatch.GetElapsedTime(start));
        Note(items);
        Answer(items);
        _checkpointer.AfterCommit(_connection);
    }

    private void Answer(List<WriteItem> items)
    {
        foreach (var item in items) item.Complete(_translate);
        _room.Release(items.Count);
    }

    /// <summary>An item that failed for its own reasons says nothing of the disk.</summary>
    private void Note(List<WriteItem> items)
    {
        var succeeded = false;
        foreach (var item in items)
        {
            if (item.Failure is SqliteException { IsStorageFailure: true } failure)
            {
                Failures.Failed(failure);
                return;
            }

            succeeded |= item.Failure is null;
        }

        if (succeeded) Failures.Succeeded();
    }
}
