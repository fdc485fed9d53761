namespace Troupe.Core.Deliveries;

/// <summary>Outbound webhooks: the section <c>Troupe:Webhooks</c> of the configuration.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Troupe:Webhooks";

    /// <summary>Attempts after the first, 0 to 20. Default 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The wait before the first retry, 1 ms to 1 h; each further one is twice as long, ±20 %, at most 300 times as long and 6 h. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The key that signs, <c>whsec_</c> and 24 to 64 bytes in base64. Default none: webhooks are not signed.</summary>
    public string? Secret { get; set; }

    /// <summary>Where the server is reached from outside, for the URLs in webhooks. Default: they are paths on the server.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>How long a subscription's old secret signs beside a new one, up to 30 days. Default 24 h.</summary>
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromDays(1);
}
