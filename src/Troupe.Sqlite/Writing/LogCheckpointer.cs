using Microsoft.Extensions.Logging;
using Troupe.Sqlite.Native;

namespace Troupe.Sqlite.Writing;

/// <summary>
/// Copies the write-ahead log back into the database file, on a connection of its own, so that no commit waits for it. Under constant
/// writing a log is never copied to its very end that way; the writer then copies the short rest between two commits, and the log starts
/// over instead of growing for ever.
/// </summary>
internal sealed class LogCheckpointer(SqliteConnection connection, int pages, ILogger logger) : IDisposable
{
    /// <summary>A log this many times the usual size is finished off by the writer.</summary>
    private const int Overgrown = 8;

    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _copied;
    private int _askedAtPages;

    /// <summary>Called by the writer's thread after each commit.</summary>
    internal void AfterCommit(SqliteConnection writer)
    {
        var logPages = writer.LogPages;
        if (logPages < _askedAtPages) _askedAtPages = 0;
        if (logPages > pages * Overgrown && _copied)
        {
            _copied = false;
            Copy(writer);
        }
        else if (logPages >= _askedAtPages + pages)
        {
            _askedAtPages = logPages;
            _ = Task.Run(CopyAsync);
        }
    }

    /// <summary>Copies everything and empties the log, for a database that is being closed. No copy is made after this one.</summary>
    internal async Task FinishAsync()
    {
        // Never released: a copy that was asked for before and comes late finds it taken.
        await _one.WaitAsync();
        Copy(connection, SqliteApi.CheckpointTruncate);
    }

    public void Dispose() => connection.Dispose();

    private async Task CopyAsync()
    {
        if (!await _one.WaitAsync(0)) return;
        _copied = Copy(connection);
        _one.Release();
    }

    private bool Copy(SqliteConnection on, int mode = SqliteApi.CheckpointPassive)
    {
        try
        {
            on.Checkpoint(mode);
            return true;
        }
        catch (SqliteException exception)
        {
            logger.LogWarning(exception, "The write-ahead log could not be copied back; it grows until that succeeds");
            return false;
        }
    }
}
