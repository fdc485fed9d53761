using System.Text;
using Troupe.Sqlite.Native;

namespace Troupe.Sqlite;

/// <summary>The current row of a query. It is valid only inside the function that it is handed to. Columns count from 0.</summary>
public readonly unsafe struct SqliteRow
{
    private readonly nint _statement;

    internal SqliteRow(nint statement) => _statement = statement;

    public bool IsNull(int column) => SqliteApi.ColumnType(_statement, column) == SqliteApi.TypeNull;

    /// <summary>The column as a whole number; 0 where it is null.</summary>
    public long GetInt64(int column) => SqliteApi.ColumnInt64(_statement, column);

    public long? GetInt64OrNull(int column) => IsNull(column) ? null : GetInt64(column);

    /// <inheritdoc cref="GetInt64"/>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <summary>Whether the column is a number other than 0.</summary>
    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>The column as a number; 0 where it is null.</summary>
    public double GetDouble(int column) => SqliteApi.ColumnDouble(_statement, column);

    public double? GetDoubleOrNull(int column) => IsNull(column) ? null : GetDouble(column);

    /// <exception cref="InvalidOperationException">The column is null.</exception>
    public string GetString(int column) =>
        GetStringOrNull(column) ?? throw new InvalidOperationException($"Column {column} is null.");

    public string? GetStringOrNull(int column)
    {
        var text = SqliteApi.ColumnText(_statement, column);
        return text is null ? null : Encoding.UTF8.GetString(text, SqliteApi.ColumnBytes(_statement, column));
    }

    /// <summary>The column's bytes, without a copy; empty where it is null.</summary>
    public ReadOnlySpan<byte> GetSpan(int column)
    {
        var blob = SqliteApi.ColumnBlob(_statement, column);
        return blob is null ? [] : new ReadOnlySpan<byte>(blob, SqliteApi.ColumnBytes(_statement, column));
    }

    /// <summary>A copy of the column's bytes; empty where it is null.</summary>
    public byte[] GetBytes(int column) => GetSpan(column).ToArray();

    public byte[]? GetBytesOrNull(int column) => IsNull(column) ? null : GetBytes(column);
}
