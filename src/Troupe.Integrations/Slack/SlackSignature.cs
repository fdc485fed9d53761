using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Core.Slack;

namespace Troupe.Integrations.Slack;

/// <summary>Tells what Slack signed from what others made up, changed, kept too long or send again.</summary>
internal sealed class SlackSignature(TimeProvider time)
{
    /// <summary>How far the time of a request may be from ours, either way: 5 min.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Signatures remembered at most. Only right ones are, so that nobody without the secret can fill it up.</summary>
    private const int MaxSeen = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>True once for each request that is signed with the secret.</summary>
    public bool Accept(string secret, SlackRequest request)
    {
        if (request.Timestamp is not { Length: <= 12 } stamp || request.Signature is not { Length: 67 } shown
            || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        var now = time.GetUtcNow();
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Window.TotalSeconds)
            return false;
        var expected = Encoding.ASCII.GetBytes(Sign(secret, stamp, request.Body.Span));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(shown)) && IsFirst(shown, now);
    }

    /// <summary><c>v0=</c> and the HMAC-SHA256 of <c>v0:timestamp:body</c> in hexadecimal digits.</summary>
    public static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes($"v0:{timestamp}:"));
        hmac.AppendData(body);
        return $"v0={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    /// <summary>Remembered for as long as its time could still be accepted. When full, nothing more is accepted: a replay never is.</summary>
    private bool IsFirst(string signature, DateTimeOffset now)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && _seen[oldest] <= now)
                _seen.Remove(_order.Dequeue());
            if (_seen.Count >= MaxSeen || !_seen.TryAdd(signature, now + (2 * Window) + TimeSpan.FromSeconds(1)))
                return false;
            _order.Enqueue(signature);
            return true;
        }
    }
}
