using System.Runtime.InteropServices;
using Troupe.Sqlite.Native;

namespace Troupe.Sqlite;

/// <summary>Runs statements on one connection. Each text is prepared once; values are bound by position (<c>?</c> or <c>?1</c>).</summary>
public sealed class SqliteSession
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    internal SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>The key of the row inserted last.</summary>
    public long LastInsertRowId => SqliteApi.LastInsertRowId(_connection.Handle);

    /// <summary>Runs one statement and returns how many rows it changed.</summary>
    /// <exception cref="SqliteException"/>
    public int Execute(string sql, params ReadOnlySpan<SqliteValue> values)
    {
        var statement = Statement(sql);
        try
        {
            statement.Bind(values);
            while (statement.Step())
            {
                // Rows of a statement that is run for its effect (RETURNING, PRAGMA) are of no interest.
            }

            return SqliteApi.Changes(_connection.Handle);
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>All rows of a query.</summary>
    /// <exception cref="SqliteException"/>
    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<SqliteValue> values)
    {
        var rows = new List<T>();
        var statement = Statement(sql);
        try
        {
            statement.Bind(values);
            while (statement.Step()) rows.Add(read(statement.Row));
            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The first row of a query, or the default where there is none.</summary>
    /// <exception cref="SqliteException"/>
    public T? QuerySingle<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<SqliteValue> values)
    {
        var statement = Statement(sql);
        try
        {
            statement.Bind(values);
            return statement.Step() ? read(statement.Row) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>The first column of the first row as a whole number; 0 where there is no row or it is null.</summary>
    /// <exception cref="SqliteException"/>
    public long QueryInt64(string sql, params ReadOnlySpan<SqliteValue> values) =>
        QuerySingle(sql, static row => row.GetInt64(0), values);

    /// <summary>Runs several statements without values, for example a migration.</summary>
    /// <exception cref="SqliteException"/>
    public void ExecuteScript(string script)
    {
        while (!string.IsNullOrWhiteSpace(script))
        {
            using var statement = SqliteStatement.Prepare(_connection.Handle, script, persistent: false, out script);
            while (statement?.Step() == true)
            {
                // As in Execute.
            }
        }
    }

    internal void Close()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
    }

    private SqliteStatement Statement(string sql)
    {
        ref var statement = ref CollectionsMarshal.GetValueRefOrAddDefault(_statements, sql, out _);
        if (statement is not null) return statement;
        try
        {
            statement = SqliteStatement.Prepare(_connection.Handle, sql, persistent: true, out _)
                ?? throw new ArgumentException("The text holds no statement.", nameof(sql));
            return statement;
        }
        catch
        {
            _statements.Remove(sql);
            throw;
        }
    }
}
