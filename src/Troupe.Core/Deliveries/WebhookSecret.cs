namespace Troupe.Core.Deliveries;

/// <summary>The key that signs webhooks, as Standard Webhooks spells it.</summary>
public static class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>The key's bytes, or null where the text is no such key.</summary>
    public static byte[]? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[64];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length >= 24 ? bytes[..length] : null;
    }
}
