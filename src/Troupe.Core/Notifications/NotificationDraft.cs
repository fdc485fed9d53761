namespace Troupe.Core.Notifications;

/// <summary>What an event has to say to people, before it is known to whom.</summary>
internal sealed record NotificationDraft(NotificationType Type, string Title, string? Text = null)
{
    public string? GateId { get; init; }
}
