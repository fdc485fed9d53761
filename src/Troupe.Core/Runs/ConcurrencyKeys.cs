namespace Troupe.Core.Runs;

/// <summary>Keys under which hosts can limit activities.</summary>
public static class ConcurrencyKeys
{
    /// <summary>Model turns: they take long, so that they must not fill the queue in front of the short activities that keep the records.</summary>
    public const string AgentTurns = "agent-turns";

    /// <summary>Every receiver of webhooks: one that is slow or dead must not take the others' places.</summary>
    public const string AllWebhooks = "webhooks/*";

    /// <summary>The webhooks to one host and port.</summary>
    public static string WebhooksTo(string authority) => $"webhooks/{authority}";
}
