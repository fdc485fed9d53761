using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Troupe.Core.Records;

namespace Troupe.Storage.Records;

/// <summary>The last row of a page: the value that the list is ordered by, and the row's key. A checksum tells foreign text apart.</summary>
/// <param name="Kind">Which list it belongs to.</param>
internal readonly record struct PageCursor(char Kind, long Order, long Row)
{
    private const int ContentLength = 17;
    private const int Length = ContentLength + 4;

    /// <summary>Writes a cursor as a page gives it out.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidCursorException">The text is not a cursor of that list.</exception>
    public static PageCursor? Parse(char kind, string? text)
    {
        if (text is null) return null;
        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(text, out var length) || length != Length || !Base64Url.TryDecodeFromChars(text, bytes, out _))
            throw new InvalidCursorException(text);
        var cursor = new PageCursor(kind, BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[9..]));
        return cursor.ToString() == text ? cursor : throw new InvalidCursorException(text);
    }

    private void Fill(Span<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Order);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Row);
        SHA256.HashData(bytes[..ContentLength], hash);
        hash[..(Length - ContentLength)].CopyTo(bytes[ContentLength..]);
    }
}
