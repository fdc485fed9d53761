namespace Troupe.Core.Notifications;

/// <summary>Something that one user is told of. It never changes, but for when it was delivered and acknowledged.</summary>
public sealed record NotificationRecord
{
    /// <summary>As <see cref="NotificationIds"/> makes it: later ones sort behind earlier ones (ordinal).</summary>
    public required string Id { get; init; }

    public required string User { get; init; }

    public required NotificationType Type { get; init; }

    public required string RunId { get; init; }

    /// <summary>The event of the run that it tells of.</summary>
    public required long Sequence { get; init; }

    public string? TaskId { get; init; }

    /// <summary>The approval that is asked for.</summary>
    public string? GateId { get; init; }

    /// <summary>One line for people; untrusted, as runs and models name things.</summary>
    public required string Title { get; init; }

    /// <summary>More of it, at most some hundred characters; untrusted.</summary>
    public string? Text { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The channels that tell the user of it, beside the list itself.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>When a channel first brought it to the user, or else when the user acknowledged it.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Null while it is unread.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }
}
