using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications.Channels;

/// <summary>Makes an attempt of a delivery over its channel, and notes what was delivered on the notifications.</summary>
public sealed class ChannelPost(IEnumerable<INotificationChannel> channels, INotificationStore notifications, IGateStore gates, TimeProvider time)
{
    /// <summary>Notifications that a digest holds: 200; the rest is in the list.</summary>
    public const int MostInDigest = 200;

    private readonly IReadOnlyDictionary<string, INotificationChannel> _channels = channels.ToDictionary(static channel => channel.Name, StringComparer.Ordinal);

    /// <summary>Whether a delivery goes by a channel of its own; webhooks go the way of all webhooks.</summary>
    internal static bool Carries(DeliveryRecord delivery) => delivery.Channel is not (null or ChannelNames.Webhook);

    internal async Task<WebhookAnswer> SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (!_channels.TryGetValue(delivery.Channel!, out var channel))
            return Undeliverable($"The channel {delivery.Channel} is not configured any more.");
        var told = await ToldAsync(delivery, cancellationToken);
        if (told.Count == 0)
            return delivery.Digest is null ? Undeliverable("The notification is gone.") : new WebhookAnswer(null, null, null);
        var gate = delivery.Digest is null && told[0].GateId is { } gateId ? await gates.GetAsync(gateId, cancellationToken) : null;
        var open = gate is { Status: GateStatus.Pending } ? gate : null;
        return await channel.SendAsync(new ChannelMessage(delivery.Id, delivery.Url, delivery.User!, told, delivery.Digest, open), cancellationToken);
    }

    /// <summary>The notifications were brought to their user.</summary>
    internal async Task NoteAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.User is not { } user || delivery.Channel == ChannelNames.Log)
            return;
        var told = await ToldAsync(delivery, cancellationToken);
        await notifications.MarkDeliveredAsync(user, [.. told.Select(static one => one.Id)], time.GetUtcNow(), cancellationToken);
    }

    private async Task<IReadOnlyList<NotificationRecord>> ToldAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.NotificationId is { } id)
            return await notifications.GetAsync(delivery.User!, id, cancellationToken) is { } one ? [one] : [];
        if (delivery.Digest is not { } digest)
            return [];
        var query = new NotificationQuery { User = delivery.User!, Since = digest.From, Before = digest.Until, Limit = MostInDigest };
        var page = await notifications.ListAsync(query, cancellationToken);
        return [.. page.Items.Where(one => one.Type != NotificationType.ApprovalRequested && one.Channels.Contains(delivery.Channel!, StringComparer.Ordinal))];
    }

    private static WebhookAnswer Undeliverable(string why) => new(null, null, new Failure(FailureKinds.DeliveryFailed, why));
}
