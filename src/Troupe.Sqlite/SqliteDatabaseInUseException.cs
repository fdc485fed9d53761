namespace Troupe.Sqlite;

/// <summary>Another process owns the database. The message says which.</summary>
public sealed class SqliteDatabaseInUseException(string path, string owner, Exception? innerException = null)
    : InvalidOperationException($"The database '{path}' is in use by {owner}. Stop that process, or choose another data folder.", innerException)
{
    public string Owner { get; } = owner;
}
