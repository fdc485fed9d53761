using System.Buffers.Text;
using System.Security.Cryptography;
using Troupe.Core.Records;

namespace Troupe.Core.Stores;

/// <summary>
/// A place in a list as text that fits into a URL. A checksum over the place and the list's kind tells foreign text apart; it is no
/// protection, as a place is nothing secret.
/// </summary>
public static class CursorText
{
    private const int CheckLength = 4;

    /// <param name="kind">Which list it belongs to.</param>
    public static string Write(char kind, ReadOnlySpan<byte> place)
    {
        Span<byte> bytes = [(byte)kind, .. place, .. new byte[CheckLength]];
        Check(bytes[..^CheckLength], bytes[^CheckLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="InvalidCursorException">The text is not a cursor of that list.</exception>
    public static byte[] Read(char kind, string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length <= CheckLength) throw new InvalidCursorException(text);
        var bytes = new byte[length];
        if (!Base64Url.TryDecodeFromChars(text, bytes, out _)) throw new InvalidCursorException(text);
        var place = bytes[1..^CheckLength];
        return Write(kind, place) == text ? place : throw new InvalidCursorException(text);
    }

    private static void Check(ReadOnlySpan<byte> content, Span<byte> check)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        hash[..CheckLength].CopyTo(check);
    }
}
