namespace Troupe.Core.Notifications;

/// <summary>Takes notifications in and sets their channels going. Telling of the same thing again is harmless.</summary>
public sealed class NotificationCenter(INotificationStore store, PreferenceBook preferences, NotificationSignals signals)
{
    /// <summary>Stores it for its user, unless that one wants to hear nothing of the kind.</summary>
    public async Task TellAsync(NotificationRecord notification, CancellationToken cancellationToken)
    {
        var wished = await preferences.GetAsync(notification.User, cancellationToken);
        var channels = wished.ChannelsOf(notification.Type);
        if (channels.Count == 0)
            return;
        if (await store.TryAddAsync(notification with { Channels = channels }, cancellationToken))
            signals.Added(notification.User);
    }
}
