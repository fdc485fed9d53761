using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications.Channels;

/// <summary>Makes an attempt of a delivery over its channel, and notes what was delivered on the notifications.</summary>
public sealed class ChannelPost
{
    /// <summary>Notifications that a digest holds: 200; the rest is in the list.</summary>
    public const int MostInDigest = 200;

    private readonly IReadOnlyDictionary<string, INotificationChannel> _channels;
    private readonly IReadOnlyDictionary<string, IDeliveryCarrier> _carriers;
    private readonly INotificationStore _notifications;
    private readonly IGateStore _gates;
    private readonly NotificationAudience _audience;
    private readonly ApprovalLinks? _links;
    private readonly TimeProvider _time;

    /// <param name="links">Null where the host signs no tokens.</param>
    internal ChannelPost(
        IEnumerable<INotificationChannel> channels, IEnumerable<IDeliveryCarrier> carriers, INotificationStore notifications, IGateStore gates, NotificationAudience audience, ApprovalLinks? links, TimeProvider time)
    {
        _channels = channels.ToDictionary(static channel => channel.Name, StringComparer.Ordinal);
        _carriers = carriers.ToDictionary(static carrier => carrier.Channel, StringComparer.Ordinal);
        (_notifications, _gates, _audience, _links, _time) = (notifications, gates, audience, links, time);
    }

    /// <summary>Whether a delivery goes by a channel of its own; webhooks go the way of all webhooks.</summary>
    internal static bool Carries(DeliveryRecord delivery) => delivery.Channel is not (null or ChannelNames.Webhook);

    internal async Task<WebhookAnswer> SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (_carriers.TryGetValue(delivery.Channel!, out var carrier))
            return await carrier.SendAsync(delivery, cancellationToken);
        if (!_channels.TryGetValue(delivery.Channel!, out var channel))
            return Undeliverable($"The channel {delivery.Channel} is not configured any more.");
        var told = await ToldAsync(delivery, cancellationToken);
        if (told.Count == 0)
            return delivery.Digest is null ? Undeliverable("The notification is gone.") : new WebhookAnswer(null, null, null);
        var gate = delivery.Digest is null && told[0].GateId is { } gateId ? await _gates.GetAsync(gateId, cancellationToken) : null;
        var open = gate is { Status: GateStatus.Pending } ? gate : null;
        var message = new ChannelMessage(delivery.Id, delivery.Url, delivery.User!, told, delivery.Digest, open)
        {
            Closed = gate is not null && open is null ? $"It is closed: {ClosedWords.Of(gate)}." : null,
            Links = open is not null && delivery.Channel == ChannelNames.Email ? await LinksAsync(open, delivery.User!, cancellationToken) : null,
        };
        return await channel.SendAsync(message, cancellationToken);
    }

    /// <summary>Only a mail goes to its user alone.</summary>
    private async Task<DecisionLinks?> LinksAsync(GateRecord gate, string user, CancellationToken cancellationToken)
    {
        var caller = await _audience.CallerAsync(user, cancellationToken);
        if (_links is null || !caller.Roles.HasFlag(Roles.Approver))
            return null;
        return await _links.CreateAsync(gate.Id, approves: true, caller, ApprovalLinks.DefaultLife, cancellationToken) is { } approve
            && await _links.CreateAsync(gate.Id, approves: false, caller, ApprovalLinks.DefaultLife, cancellationToken) is { } reject
            ? new DecisionLinks(approve, reject)
            : null;
    }

    /// <summary>The notifications were brought to their user.</summary>
    internal async Task NoteAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.User is not { } user || delivery.Channel == ChannelNames.Log)
            return;
        var told = await ToldAsync(delivery, cancellationToken);
        await _notifications.MarkDeliveredAsync(user, [.. told.Select(static one => one.Id)], _time.GetUtcNow(), cancellationToken);
    }

    private async Task<IReadOnlyList<NotificationRecord>> ToldAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.NotificationId is { } id)
            return await _notifications.GetAsync(delivery.User!, id, cancellationToken) is { } one ? [one] : [];
        if (delivery.Digest is not { } digest)
            return [];
        var query = new NotificationQuery { User = delivery.User!, Since = digest.From, Before = digest.Until, Limit = MostInDigest };
        var page = await _notifications.ListAsync(query, cancellationToken);
        return [.. page.Items.Where(one => one.Type != NotificationType.ApprovalRequested && one.Channels.Contains(delivery.Channel!, StringComparer.Ordinal))];
    }

    private static WebhookAnswer Undeliverable(string why) => new(null, null, new Failure(FailureKinds.DeliveryFailed, why));
}
