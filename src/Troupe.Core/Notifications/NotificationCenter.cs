using Troupe.Core.Notifications.Channels;

namespace Troupe.Core.Notifications;

/// <summary>Takes notifications in and sets their channels going. Telling of the same thing again is harmless.</summary>
public sealed class NotificationCenter
{
    private readonly INotificationStore _store;
    private readonly PreferenceBook _preferences;
    private readonly NotificationSignals _signals;
    private readonly ChannelOutbox _outbox;

    internal NotificationCenter(INotificationStore store, PreferenceBook preferences, NotificationSignals signals, ChannelOutbox outbox) =>
        (_store, _preferences, _signals, _outbox) = (store, preferences, signals, outbox);

    /// <summary>Stores it for its user, unless that one wants to hear nothing of the kind, and sends it by the channels that the user wants.</summary>
    public async Task TellAsync(NotificationRecord notification, CancellationToken cancellationToken)
    {
        var wished = await _preferences.GetAsync(notification.User, cancellationToken);
        var channels = wished.ChannelsOf(notification.Type);
        if (channels.Count == 0)
            return;
        var told = notification with { Channels = channels };
        if (await _store.TryAddAsync(told, cancellationToken))
            _signals.Added(told.User);

        // Also where it was stored before: the process may have died between the two.
        await _outbox.SendAsync(told, wished, cancellationToken);
    }
}
