using System.Text.RegularExpressions;

namespace Troupe.Core.Access;

/// <summary>What a server needs to know of a key to let it in: its id and the SHA-256 of its text, written <c>{id}:{hash}</c>. No secret.</summary>
public sealed partial record KeyDigest
{
    private KeyDigest(string id, string hash) => (Id, Hash) = (id, hash);

    public string Id { get; }

    public string Hash { get; }

    /// <summary>Makes a key; its text is told to nobody else.</summary>
    public static (string Text, KeyDigest Digest) Mint()
    {
        var (text, id, hash) = KeyText.Mint(KeyText.KeyPrefix);
        return (text, new KeyDigest(id, hash));
    }

    /// <summary>Null where the text is of another form.</summary>
    public static KeyDigest? Parse(string? text) =>
        text is not null && Form().Match(text) is { Success: true } match ? new KeyDigest(match.Groups[1].Value, match.Groups[2].Value) : null;

    public override string ToString() => $"{Id}:{Hash}";

    [GeneratedRegex(@"\A([a-z0-9]{12}):([0-9a-f]{64})\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
