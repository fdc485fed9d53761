using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications.Channels;

/// <summary>A way to bring notifications to people.</summary>
public interface INotificationChannel
{
    /// <summary>One of <see cref="ChannelNames"/>.</summary>
    string Name { get; }

    /// <summary>Where the user is reached, without any secret; null where the channel does not reach that user.</summary>
    Uri? AddressOf(string user);

    /// <summary>Whatever the other side does is in the answer; what it throws is a bug, or <see cref="OperationCanceledException"/>.</summary>
    Task<WebhookAnswer> SendAsync(ChannelMessage message, CancellationToken cancellationToken);
}

/// <param name="Id">The delivery's: the same for every attempt.</param>
/// <param name="Address">As the channel gave it.</param>
/// <param name="Notifications">Newest first; one, or those of a digest.</param>
/// <param name="Digest">The time that they sum up; null for a single one.</param>
/// <param name="Gate">The approval that a single one asks for, while it is open.</param>
public sealed record ChannelMessage(
    string Id, Uri Address, string User, IReadOnlyList<NotificationRecord> Notifications, DigestWindow? Digest, GateRecord? Gate)
{
    /// <summary>Links of that user's own that decide the gate; null for channels that others read too, and where the user may not.</summary>
    public DecisionLinks? Links { get; init; }

    /// <summary>How the approval was closed that a single one asks for, where it came too late; for people, untrusted.</summary>
    public string? Closed { get; init; }
}

/// <summary>Paths on the server, each of which carries one decision.</summary>
public sealed record DecisionLinks(string Approve, string Reject);
