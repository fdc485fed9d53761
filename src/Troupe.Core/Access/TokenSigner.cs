using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Core.Access;

/// <summary>
/// Makes tokens that say one thing for one purpose until a time, and tells whether a token is one of them. They are signed
/// (HMAC-SHA256) with a secret that only the server has; nothing of them is stored.
/// </summary>
public sealed class TokenSigner(ISecretStore secrets, TimeProvider time)
{
    private const string SecretName = "token-signing";

    private const int MacLength = HMACSHA256.HashSizeInBytes;

    private const int HeadLength = sizeof(long) + MacLength;

    private const int MaxTokenLength = 1_024;

    private volatile byte[]? _secret;

    /// <param name="purpose">What it is for; a token for one purpose is none for another.</param>
    /// <param name="subject">What it says; readable by whoever has it. At most 500 bytes of UTF-8.</param>
    /// <param name="life">Whole seconds count.</param>
    public async ValueTask<string> SignAsync(string purpose, string subject, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(subject), 500);
        var token = new byte[HeadLength + Encoding.UTF8.GetByteCount(subject)];
        BinaryPrimitives.WriteInt64BigEndian(token, (time.GetUtcNow() + life).ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(subject, token.AsSpan(HeadLength));
        MacOf(await SecretAsync(cancellationToken), purpose, token).CopyTo(token.AsSpan(sizeof(long)));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>What a token says; null where it is none of ours, is for another purpose, was changed, or has expired.</summary>
    public async ValueTask<string?> ReadAsync(string purpose, string token, CancellationToken cancellationToken) =>
        (await ReadInFullAsync(purpose, token, cancellationToken))?.Subject;

    /// <summary>What a token says and until when; null as in <see cref="ReadAsync"/>.</summary>
    public async ValueTask<(string Subject, DateTimeOffset Until)?> ReadInFullAsync(string purpose, string token, CancellationToken cancellationToken)
    {
        if (token.Length > MaxTokenLength || !Base64Url.IsValid(token))
            return null;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < HeadLength)
            return null;
        var mac = MacOf(await SecretAsync(cancellationToken), purpose, bytes);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(sizeof(long), MacLength)))
            return null;
        var until = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return until > time.GetUtcNow().ToUnixTimeSeconds()
            ? (Encoding.UTF8.GetString(bytes.AsSpan(HeadLength)), DateTimeOffset.FromUnixTimeSeconds(until))
            : null;
    }

    /// <summary>Over the purpose, the time and the subject; the purpose ends with a byte that it cannot hold.</summary>
    private static byte[] MacOf(byte[] secret, string purpose, ReadOnlySpan<byte> token)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.UTF8.GetBytes(purpose));
        mac.AppendData([0]);
        mac.AppendData(token[..sizeof(long)]);
        mac.AppendData(token[HeadLength..]);
        return mac.GetHashAndReset();
    }

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancellationToken) =>
        _secret ??= await secrets.GetOrAddAsync(SecretName, RandomNumberGenerator.GetBytes(MacLength), cancellationToken);
}
