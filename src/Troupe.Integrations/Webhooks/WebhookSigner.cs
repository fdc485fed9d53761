using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Integrations.Webhooks;

/// <summary>Signs as Standard Webhooks says: HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class WebhookSigner
{
    /// <param name="timestamp">Seconds since 1970.</param>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
    }
}
