using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Core.Access;

/// <summary>The text of a key, <c>trp_{id}_{secret}</c>, that is told once and never stored; and that of a browser's session, <c>trs_…</c>.</summary>
public static class KeyText
{
    public const string KeyPrefix = "trp_";

    public const string SessionPrefix = "trs_";

    /// <summary>Of a token that sends one callback of one run.</summary>
    public const string CallbackPrefix = "trc_";

    private const int IdLength = 12;

    // 43 characters of 62 hold 256 bits.
    private const int SecretLength = 43;

    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + IdAlphabet;

    private static readonly SearchValues<char> IdLetters = SearchValues.Create(IdAlphabet);

    private static readonly SearchValues<char> SecretLetters = SearchValues.Create(SecretAlphabet);

    private const int Length = 4 + IdLength + 1 + SecretLength;

    /// <summary>Makes a text of random parts.</summary>
    public static (string Text, string Id, string Hash) Mint(string prefix)
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        var text = $"{prefix}{id}_{RandomNumberGenerator.GetString(SecretAlphabet, SecretLength)}";
        return (text, id, HashOf(text));
    }

    /// <summary>The id in a text of the right form; null in any other.</summary>
    public static string? IdOf(string? text, string prefix)
    {
        if (text is not { Length: Length } || !text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length + IdLength] != '_')
            return null;
        var id = text.AsSpan(prefix.Length, IdLength);
        var secret = text.AsSpan(prefix.Length + IdLength + 1);
        return id.ContainsAnyExcept(IdLetters) || secret.ContainsAnyExcept(SecretLetters) ? null : id.ToString();
    }

    /// <summary>Whether a key, a session or a callback's token stands anywhere in a text.</summary>
    public static bool IsWithin(string text) => IsWithin(text, KeyPrefix) || IsWithin(text, SessionPrefix) || IsWithin(text, CallbackPrefix);

    /// <summary>Whether the text is the one that the hash was made of; it takes as long whichever it is.</summary>
    public static bool Matches(string text, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(text)), Encoding.ASCII.GetBytes(hash));

    private static bool IsWithin(string text, string prefix)
    {
        for (var at = text.IndexOf(prefix, StringComparison.Ordinal); at >= 0; at = text.IndexOf(prefix, at + 1, StringComparison.Ordinal))
        {
            if (at + Length <= text.Length && IdOf(text.Substring(at, Length), prefix) is not null)
                return true;
        }

        return false;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
}
