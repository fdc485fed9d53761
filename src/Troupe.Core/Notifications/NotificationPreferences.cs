namespace Troupe.Core.Notifications;

/// <summary>What a user wants to be told of, and how.</summary>
public sealed record NotificationPreferences
{
    private static readonly IReadOnlyList<string> Usual = [ChannelNames.Sse, ChannelNames.Webhook];

    private static readonly IReadOnlyList<string> Urgent = [ChannelNames.Sse, ChannelNames.Webhook, ChannelNames.Slack, ChannelNames.Email];

    /// <summary>
    /// The channels that tell of a type. None at all: it is not even listed. What is missing has its default: every channel but the log for
    /// approvals, alerts and updates, the stream and the user's webhook for the rest.
    /// </summary>
    public IReadOnlyDictionary<NotificationType, IReadOnlyList<string>> Types { get; init; } = new Dictionary<NotificationType, IReadOnlyList<string>>();

    /// <summary>Channels whose notifications are summed up; null or missing ones tell at once.</summary>
    public IReadOnlyDictionary<string, DigestPeriod> Digests { get; init; } = new Dictionary<string, DigestPeriod>();

    /// <summary>While they last, webhook, Slack and e-mail wait.</summary>
    public QuietHours? QuietHours { get; init; }

    /// <summary>Where the webhook channel goes; none where null.</summary>
    public Uri? WebhookUrl { get; init; }

    public static NotificationPreferences Default { get; } = new();

    /// <summary>The channels that tell of that type.</summary>
    public IReadOnlyList<string> ChannelsOf(NotificationType type) => Types.GetValueOrDefault(type)
        ?? (type is NotificationType.ApprovalRequested or NotificationType.Alert or NotificationType.Update ? Urgent : Usual);
}

public enum DigestPeriod
{
    /// <summary>At each full hour.</summary>
    Hourly,

    /// <summary>At midnight in the time zone of the quiet hours; in UTC where there are none.</summary>
    Daily,
}
