using System.Buffers;
using System.Text;

namespace Troupe.Sqlite.Native;

/// <summary>One prepared statement of one connection.</summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private readonly nint _database;
    private readonly string _sql;
    private readonly int _parameterCount;
    private nint _handle;

    private SqliteStatement(nint database, nint handle, string sql)
    {
        _database = database;
        _handle = handle;
        _sql = sql;
        _parameterCount = SqliteApi.ParameterCount(handle);
    }

    /// <summary>Prepares the first statement of a text and returns what follows it; null where there is only white space.</summary>
    internal static SqliteStatement? Prepare(nint database, string sql, bool persistent, out string rest)
    {
        var utf8 = Encoding.UTF8.GetBytes(sql);
        fixed (byte* start = utf8)
        {
            var code = SqliteApi.Prepare(database, start, utf8.Length, persistent ? SqliteApi.PreparePersistent : 0, out var handle, out var tail);
            if (code != SqliteApi.Ok) throw SqliteException.From(database, code, sql);
            rest = tail is null ? "" : Encoding.UTF8.GetString(utf8.AsSpan((int)(tail - start)));
            return handle == nint.Zero ? null : new SqliteStatement(database, handle, sql);
        }
    }

    internal void Bind(ReadOnlySpan<SqliteValue> values)
    {
        if (values.Length != _parameterCount)
            throw new ArgumentException($"The statement takes {_parameterCount} values but got {values.Length}: {_sql}", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            var code = Bind(i + 1, in values[i]);
            if (code != SqliteApi.Ok) throw SqliteException.From(_database, code, _sql);
        }
    }

    /// <summary>Moves to the next row; false where there is none.</summary>
    internal bool Step()
    {
        var code = SqliteApi.Step(_handle);
        return code switch
        {
            SqliteApi.Row => true,
            SqliteApi.Done => false,
            _ => throw SqliteException.From(_database, code, _sql),
        };
    }

    internal SqliteRow Row => new(_handle);

    /// <summary>Ends the run of the statement and lets go of its values, so that it can run again.</summary>
    internal void Reset()
    {
        // The error of a failed step comes back here once more; it has been thrown already.
        _ = SqliteApi.Reset(_handle);
        if (_parameterCount > 0) _ = SqliteApi.ClearBindings(_handle);
    }

    public void Dispose()
    {
        if (_handle == nint.Zero) return;
        _ = SqliteApi.Finalize(_handle);
        _handle = nint.Zero;
    }

    private int Bind(int index, in SqliteValue value)
    {
        switch (value.Kind)
        {
            case SqliteValueKind.Integer: return SqliteApi.BindInt64(_handle, index, value.Integer);
            case SqliteValueKind.Real: return SqliteApi.BindDouble(_handle, index, BitConverter.Int64BitsToDouble(value.Integer));
            case SqliteValueKind.Text: return BindText(index, (string)value.Object!);
            case SqliteValueKind.Blob: return BindBlob(index, (byte[])value.Object!);
            default: return SqliteApi.BindNull(_handle, index);
        }
    }

    private int BindText(int index, string text)
    {
        const int OnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[OnStack];
        var length = Encoding.UTF8.GetBytes(text, buffer);
        int code;
        fixed (byte* bytes = buffer)
        {
            code = SqliteApi.BindText(_handle, index, bytes, length, SqliteApi.Transient);
        }

        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return code;
    }

    private int BindBlob(int index, byte[] blob)
    {
        byte empty = 0;
        fixed (byte* bytes = blob)
        {
            // A null pointer would bind NULL instead of an empty blob.
            return SqliteApi.BindBlob(_handle, index, bytes is null ? &empty : bytes, blob.Length, SqliteApi.Transient);
        }
    }
}
