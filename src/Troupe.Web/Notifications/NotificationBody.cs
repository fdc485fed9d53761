using Troupe.Core.Notifications;

namespace Troupe.Web.Notifications;

/// <param name="Delivered">Whether a channel brought it to the user, or the user acknowledged it.</param>
/// <param name="AcknowledgedAt">Absent while it is unread.</param>
internal sealed record NotificationBody(
    string Id,
    NotificationType Type,
    string WorkflowId,
    long Sequence,
    string? TaskId,
    string? ApprovalId,
    string Title,
    string? Text,
    DateTimeOffset CreatedAt,
    bool Delivered,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? AcknowledgedAt)
{
    public static NotificationBody Of(NotificationRecord notification) => new(
        notification.Id,
        notification.Type,
        notification.RunId,
        notification.Sequence,
        notification.TaskId,
        notification.GateId,
        notification.Title,
        notification.Text,
        notification.CreatedAt,
        notification.DeliveredAt is not null,
        notification.DeliveredAt,
        notification.AcknowledgedAt);
}

/// <param name="UnreadCount">Of all that the user has; at most 1,000.</param>
internal sealed record NotificationPage(IReadOnlyList<NotificationBody> Items, string? Cursor, int UnreadCount);
