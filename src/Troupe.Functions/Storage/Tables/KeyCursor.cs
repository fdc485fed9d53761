using System.Buffers;
using System.Text;
using Troupe.Core.Records;
using Troupe.Core.Stores;

namespace Troupe.Functions.Storage.Tables;

/// <summary>Cursors that hold a row key. Anybody can write one, and a table answers what is no key with an error.</summary>
internal static class KeyCursor
{
    private const int MaxLength = 512;

    private static readonly SearchValues<char> OfKeys = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:");

    public static string Write(char kind, string key) => CursorText.Write(kind, Encoding.UTF8.GetBytes(key));

    /// <exception cref="InvalidCursorException">The text is not a cursor of that list.</exception>
    public static string Read(char kind, string cursor)
    {
        var key = Encoding.UTF8.GetString(CursorText.Read(kind, cursor));
        return key.Length is > 0 and <= MaxLength && !key.AsSpan().ContainsAnyExcept(OfKeys) ? key : throw new InvalidCursorException(cursor);
    }
}
