namespace Troupe.Testing.Disk;

/// <summary>What SQLite does to a file.</summary>
public enum DiskAction
{
    Write,
    Truncate,
    Sync,
}

/// <summary>What comes of it.</summary>
public enum DiskVerdict
{
    Done,

    /// <summary>Nothing is done, and the file system reports an error.</summary>
    Failed,

    /// <summary>Nothing is done, because there is no space left.</summary>
    Full,

    /// <summary>The first half of the bytes reaches the file, and the file system reports an error.</summary>
    Torn,
}

/// <summary>
/// A disk under SQLite that does as it is told, for the database files of one folder. It stands below everything that the product does:
/// SQLite itself meets the error, as it would meet that of a real disk.
/// </summary>
public sealed class FaultyDisk : IDisposable
{
    private readonly string _prefix;
    private readonly Func<DiskAction, string, long, DiskVerdict> _judge;

    /// <param name="folder">Where the files are.</param>
    /// <param name="judge">Called before each action with the file's path and the end of what it touches.</param>
    public FaultyDisk(string folder, Func<DiskAction, string, long, DiskVerdict> judge)
    {
        _prefix = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        _judge = judge;
        SqliteFiles.Add(this);
    }

    /// <summary>Files that are opened from now on lie on a sound disk again.</summary>
    public void Dispose() => SqliteFiles.Remove(this);

    internal bool Holds(string path) => path.StartsWith(_prefix, StringComparison.Ordinal);

    internal DiskVerdict Judge(DiskAction action, string path, long end) => _judge(action, path, end);
}
