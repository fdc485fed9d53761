namespace Troupe.Core.Concurrency;

/// <summary>Keys under which hosts can limit activities. The part before a slash is the key's family: its members have one limit, each for itself.</summary>
public static class ConcurrencyKeys
{
    /// <summary>Model turns: they take long, so that they must not fill the queue in front of the short activities that keep the records.</summary>
    public const string AgentTurns = "agent-turns";

    /// <summary>Every receiver of webhooks: one that is slow or dead must not take the others' places.</summary>
    public const string AllWebhooks = $"{Webhooks}/*";

    internal const string Webhooks = "webhooks";

    /// <summary>The webhooks to one host and port.</summary>
    public static string WebhooksTo(string authority) => $"{Webhooks}/{authority}";

    internal static string FamilyOf(string key) => key.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? key[..slash] : key;
}
