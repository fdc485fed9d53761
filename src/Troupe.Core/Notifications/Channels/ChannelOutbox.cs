using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Core.Deliveries;
using Troupe.Core.Stores;

namespace Troupe.Core.Notifications.Channels;

/// <summary>Makes the deliveries of a notification, one for each channel that reaches its user; a digest's are one for all of its time.</summary>
internal sealed class ChannelOutbox(IEnumerable<INotificationChannel> channels, DeliveryOutbox outbox, TimeProvider time)
{
    private readonly IReadOnlyDictionary<string, INotificationChannel> _channels = channels.ToDictionary(static channel => channel.Name, StringComparer.Ordinal);

    public async Task SendAsync(NotificationRecord notification, NotificationPreferences wished, CancellationToken cancellationToken)
    {
        foreach (var channel in notification.Channels)
        {
            if (AddressOf(channel, notification.User, wished) is { } address)
                await outbox.SendAsync(Compose(notification, channel, address, wished), cancellationToken);
        }
    }

    private Uri? AddressOf(string channel, string user, NotificationPreferences wished) =>
        channel == ChannelNames.Webhook ? wished.WebhookUrl : _channels.GetValueOrDefault(channel)?.AddressOf(user);

    private DeliveryRecord Compose(NotificationRecord notification, string channel, Uri address, NotificationPreferences wished)
    {
        var now = time.GetUtcNow();
        var digest = DigestOf(notification, channel, wished, now);
        var due = digest is null ? now : digest.Until + DigestWindow.Settling;
        if (channel != ChannelNames.Log && wished.QuietHours is { } quiet)
            due = quiet.Next(due).ToUniversalTime();
        return new DeliveryRecord
        {
            Id = digest is null ? Id(notification.User, channel, notification.Id) : Id(notification.User, channel, $"digest {digest.Until.UtcTicks}"),
            RunId = notification.RunId,
            TaskId = digest is null ? notification.TaskId : null,
            Sequence = notification.Sequence,
            Type = digest is null ? $"notification.{EnumWords<NotificationType>.Write(notification.Type)}" : "notification.digest",
            Url = address,
            Channel = channel,
            User = notification.User,
            NotificationId = digest is null ? notification.Id : null,
            Digest = digest,
            HeldUntil = due > now ? due : null,
            Status = DeliveryStatus.Pending,
            CreatedAt = digest is null ? notification.CreatedAt : digest.From,
            NextAttemptAt = due,
        };
    }

    /// <summary>What comes after its digest has gone goes by itself.</summary>
    private static DigestWindow? DigestOf(NotificationRecord notification, string channel, NotificationPreferences wished, DateTimeOffset now)
    {
        if (notification.Type == NotificationType.ApprovalRequested || !wished.Digests.TryGetValue(channel, out var period))
            return null;
        var window = DigestWindow.Of(notification.CreatedAt, period, QuietHours.Zone(wished.QuietHours?.TimeZone));
        return window.Until > now ? window : null;
    }

    private static string Id(string user, string channel, string what) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"notification\n{channel}\n{what}\n{user}"))));
}
