using Troupe.Sqlite.Native;

namespace Troupe.Sqlite;

/// <summary>One step of a schema. The database's version is how many steps it has taken; a step that was released never changes.</summary>
/// <param name="Name">What the step does, for the log.</param>
/// <param name="Script">Its statements.</param>
public sealed record SqliteMigration(string Name, string Script)
{
    /// <summary>What statements alone cannot do; runs after the script, in the same transaction. Null where the script does it all.</summary>
    public Action<SqliteSession>? Then { get; init; }
}

/// <summary>The database was written by a newer release.</summary>
public sealed class SqliteSchemaTooNewException(string path, long found, int known) : InvalidOperationException(
    $"The database '{path}' has schema version {found}, but this release knows {known} at most. Run the newer release, or restore a backup made by this one.");

internal static class SqliteMigrator
{
    /// <summary>Takes all missing steps in one transaction and returns their names.</summary>
    internal static IReadOnlyList<string> Migrate(SqliteConnection connection, string path, IReadOnlyList<SqliteMigration> migrations)
    {
        var session = connection.Session;
        session.ExecuteScript("BEGIN IMMEDIATE");
        try
        {
            var version = session.QueryInt64("PRAGMA user_version");
            if (version > migrations.Count) throw new SqliteSchemaTooNewException(path, version, migrations.Count);
            var missing = migrations.Skip((int)version).ToList();
            foreach (var migration in missing)
            {
                session.ExecuteScript(migration.Script);
                migration.Then?.Invoke(session);
            }

            if (missing.Count > 0) session.ExecuteScript($"PRAGMA user_version = {migrations.Count}");
            session.ExecuteScript("COMMIT");
            return missing.ConvertAll(static migration => migration.Name);
        }
        catch
        {
            if (connection.InTransaction) session.ExecuteScript("ROLLBACK");
            throw;
        }
    }
}
