namespace Troupe.Sqlite;

internal enum SqliteValueKind : byte
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

/// <summary>A value to bind to a statement. Numbers, text, blobs, booleans (1 and 0) and nulls convert to it without boxing.</summary>
public readonly struct SqliteValue
{
    private SqliteValue(SqliteValueKind kind, long integer, object? reference = null)
    {
        Kind = kind;
        Integer = integer;
        Object = reference;
    }

    public static SqliteValue Null => default;

    internal SqliteValueKind Kind { get; }

    internal long Integer { get; }

    internal object? Object { get; }

    public static implicit operator SqliteValue(long value) => new(SqliteValueKind.Integer, value);

    public static implicit operator SqliteValue(long? value) => value is { } number ? number : Null;

    public static implicit operator SqliteValue(int value) => new(SqliteValueKind.Integer, value);

    public static implicit operator SqliteValue(int? value) => value is { } number ? number : Null;

    public static implicit operator SqliteValue(bool value) => new(SqliteValueKind.Integer, value ? 1 : 0);

    public static implicit operator SqliteValue(double value) => new(SqliteValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator SqliteValue(double? value) => value is { } number ? number : Null;

    public static implicit operator SqliteValue(string? value) => value is null ? Null : new(SqliteValueKind.Text, 0, value);

    public static implicit operator SqliteValue(byte[]? value) => value is null ? Null : new(SqliteValueKind.Blob, 0, value);
}
