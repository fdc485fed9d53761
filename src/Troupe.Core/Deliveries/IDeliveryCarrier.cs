namespace Troupe.Core.Deliveries;

/// <summary>Makes the attempts of deliveries that are neither webhooks nor notifications, such as late answers to a chat.</summary>
public interface IDeliveryCarrier
{
    /// <summary>The channel of its deliveries; no notification channel's name.</summary>
    string Channel { get; }

    /// <summary>Whatever the other side does is in the answer; what it throws is a bug, or <see cref="OperationCanceledException"/>.</summary>
    Task<WebhookAnswer> SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken);
}
