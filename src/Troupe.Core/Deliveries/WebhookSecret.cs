using System.Security.Cryptography;

namespace Troupe.Core.Deliveries;

/// <summary>The key that signs webhooks, as Standard Webhooks spells it.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>A new one of 32 random bytes.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key's bytes, or null where the text is no such key.</summary>
    public static byte[]? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[64];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length >= 24 ? bytes[..length] : null;
    }
}
