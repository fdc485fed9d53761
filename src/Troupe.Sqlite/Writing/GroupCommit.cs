using Troupe.Sqlite.Native;

namespace Troupe.Sqlite.Writing;

/// <summary>
/// Commits a group of items in one transaction. The hopeful way comes first: all together, without savepoints. If an item fails, the
/// group runs again with a savepoint around each, so that only that one is undone; if even that transaction fails (disk full, say),
/// each runs alone, so that one item's size cannot harm the others.
/// </summary>
internal static class GroupCommit
{
    internal static void Run(SqliteConnection connection, IReadOnlyList<WriteItem> items)
    {
        if (TryTogether(connection, items)) return;
        if (items.Count > 1)
        {
            if (TryWithSavepoints(connection, items)) return;
            foreach (var item in items)
                TryTogether(connection, [item]);
        }
    }

    /// <summary>True once everything is committed. Otherwise nothing is, and the item at fault knows why.</summary>
    private static bool TryTogether(SqliteConnection connection, IReadOnlyList<WriteItem> items)
    {
        try
        {
            connection.Session.Execute("BEGIN IMMEDIATE");
            foreach (var item in items)
            {
                if (item.TryRun(connection.Session)) continue;
                RollBack(connection);
                return false;
            }

            connection.Session.Execute("COMMIT");
            return true;
        }
        catch (SqliteException exception)
        {
            RollBack(connection);
            foreach (var item in items) item.Fail(exception);
            return false;
        }
    }

    private static bool TryWithSavepoints(SqliteConnection connection, IReadOnlyList<WriteItem> items)
    {
        var session = connection.Session;
        try
        {
            session.Execute("BEGIN IMMEDIATE");
            foreach (var item in items)
            {
                session.Execute("SAVEPOINT item");
                var succeeded = item.TryRun(session);
                if (!connection.InTransaction) return false;
                if (!succeeded) session.Execute("ROLLBACK TO item");
                session.Execute("RELEASE item");
            }

            session.Execute("COMMIT");
            return true;
        }
        catch (SqliteException)
        {
            RollBack(connection);
            return false;
        }
    }

    private static void RollBack(SqliteConnection connection)
    {
        // Some errors roll back by themselves.
        if (connection.InTransaction) connection.Session.Execute("ROLLBACK");
    }
}
