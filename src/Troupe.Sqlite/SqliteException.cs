using Troupe.Sqlite.Native;

namespace Troupe.Sqlite;

/// <summary>SQLite refused an operation. What it had begun is undone.</summary>
public sealed class SqliteException : Exception
{
    private SqliteException(int extendedCode, string file, string advice, string message)
        : base($"{advice}{message}")
    {
        ExtendedErrorCode = extendedCode;
        Reason = $"{(file.Length == 0 ? "A database" : Path.GetFileName(file))} cannot be used. {advice}".TrimEnd();
    }

    /// <summary>What failed and what to do, for operators: without the path, the statement and SQLite's own words.</summary>
    public string Reason { get; }

    /// <summary>SQLite's primary result code, for example 19 for a violated constraint.</summary>
    public int ErrorCode => ExtendedErrorCode & 0xFF;

    /// <summary>SQLite's extended result code.</summary>
    public int ExtendedErrorCode { get; }

    /// <summary>A uniqueness, foreign key, check or not-null constraint was violated.</summary>
    public bool IsConstraintViolation => ErrorCode == SqliteApi.Constraint;

    /// <summary>The disk is full, or the file system failed. Trying again later can succeed.</summary>
    public bool IsStorageFailure => ErrorCode is SqliteApi.Full or SqliteApi.IoError or SqliteApi.CannotOpen or SqliteApi.ReadOnly;

    internal static unsafe SqliteException From(nint database, int code, string doing)
    {
        var extended = database == nint.Zero ? code : SqliteApi.ExtendedErrorCode(database);
        if ((extended & 0xFF) != (code & 0xFF)) extended = code;
        var said = database == nint.Zero ? "out of memory" : SqliteApi.Text(SqliteApi.ErrorMessage(database));
        var file = database == nint.Zero ? "" : SqliteApi.Text(SqliteApi.FileName(database, "main"));
        var advice = Advise(code & 0xFF);
        return new SqliteException(extended, file, advice, $"SQLite error {extended} on '{file}': {said}. While running: {doing}");
    }

    private static string Advise(int code) => code switch
    {
        SqliteApi.Full => "The disk is full: free some space; nothing is lost and no restart is needed. ",
        SqliteApi.IoError => "The file system failed: check the disk, and the limits on the size of files; nothing that was answered is lost. ",
        SqliteApi.CannotOpen => "The database file cannot be opened: check its folder, its permissions and how many files may be open. ",
        SqliteApi.ReadOnly => "The database file cannot be written: check its permissions. ",
        SqliteApi.Corrupt => "The database file is damaged: restore a backup. ",
        _ => "",
    };
}
