namespace Troupe.Core.Notifications;

/// <summary>The channels that bring notifications to people.</summary>
public static class ChannelNames
{
    /// <summary>The stream <c>/notifications/events</c>.</summary>
    public const string Sse = "sse";

    /// <summary>The server's log.</summary>
    public const string Log = "log";

    public const string Webhook = "webhook";

    public const string Slack = "slack";

    public const string Email = "email";

    public static IReadOnlyList<string> All { get; } = [Sse, Log, Webhook, Slack, Email];

    /// <summary>Those that can hold notifications back and sum them up.</summary>
    public static IReadOnlyList<string> WithDigest { get; } = [Slack, Email];
}
