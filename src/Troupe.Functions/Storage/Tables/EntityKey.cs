using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Functions.Storage.Tables;

/// <summary>Any text as a part of a key: what a key may not hold is escaped, and what is too long becomes its hash.</summary>
internal static class EntityKey
{
    /// <summary>A key may have 1 KiB, which is 512 characters; a few parts of this length fit.</summary>
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    public static string Of(string text)
    {
        var escaped = text.AsSpan().ContainsAnyExcept(Plain) ? Escape(text) : text;
        return escaped.Length <= MaxLength ? escaped : $"~~{Hash(text)}";
    }

    /// <summary>One key for several texts.</summary>
    public static string Hash(params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Sorts the later of two times first.</summary>
    public static string NewestFirst(DateTimeOffset time) =>
        (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("d19", CultureInfo.InvariantCulture);

    public static string OldestFirst(DateTimeOffset time) => time.UtcTicks.ToString("d19", CultureInfo.InvariantCulture);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length * 2);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (Plain.Contains((char)value)) escaped.Append((char)value);
            else escaped.Append(CultureInfo.InvariantCulture, $"~{value:x2}");
        }

        return escaped.ToString();
    }
}
