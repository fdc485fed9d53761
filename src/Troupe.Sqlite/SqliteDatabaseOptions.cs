namespace Troupe.Sqlite;

/// <summary>Where a database is and how it is used.</summary>
public sealed record SqliteDatabaseOptions(string Path)
{
    /// <summary>Connections that read at the same time. Default 4.</summary>
    public int MaxReaders { get; init; } = 4;

    /// <summary>Writes that may wait for the writer; further callers wait for room. Default 16,384.</summary>
    public int MaxQueuedWrites { get; init; } = 16_384;

    /// <summary>Writes that share one transaction at most. Default 1,024.</summary>
    public int MaxWritesPerCommit { get; init; } = 1_024;

    /// <summary>Pages of 4 KiB in the write-ahead log at which they are copied back in the background. Default 1,000.</summary>
    public int CheckpointPages { get; init; } = 1_000;

    /// <summary>Told after each transaction of the writer how many writes shared it and how long it took; called on the writer's thread. Default none.</summary>
    public Action<int, TimeSpan>? OnCommit { get; init; }

    /// <summary>Makes what callers get where the disk is full or fails, of SQLite's error. Default: SQLite's error itself.</summary>
    public Func<SqliteException, Exception> TranslateStorageFailure { get; init; } = static failure => failure;

    /// <summary>The clock by which failures are told from each other. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReaders, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueuedWrites, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWritesPerCommit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointPages, 1);
    }
}
