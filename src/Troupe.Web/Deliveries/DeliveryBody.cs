using Troupe.Core.Deliveries;
using Troupe.Web.Access;
using Troupe.Web.Views;

namespace Troupe.Web.Deliveries;

/// <summary>A webhook with its attempts.</summary>
/// <param name="Data">What is sent; only where one delivery is looked at.</param>
internal sealed record DeliveryBody(
    string Id,
    string WorkflowId,
    long Sequence,
    string? TaskId,
    string Type,
    Uri Url,
    string? SubscriptionId,
    string? Channel,
    string? User,
    string? NotificationId,
    DeliveryStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? NextAttemptAt,
    int Round,
    IReadOnlyList<AttemptBody> Attempts,
    WebhookData? Data = null)
{
    /// <param name="whole">Whether all of the address is shown, and what the receiver answered.</param>
    public static DeliveryBody Of(DeliveryRecord delivery, bool whole) => new(
        delivery.Id,
        delivery.RunId,
        delivery.Sequence,
        delivery.TaskId,
        delivery.Type,
        whole ? delivery.Url : Addresses.Beginning(delivery.Url),
        delivery.SubscriptionId,
        delivery.Channel,
        delivery.User,
        delivery.NotificationId,
        delivery.Status,
        delivery.CreatedAt,
        delivery.ClosedAt,
        delivery.NextAttemptAt,
        delivery.Round,
        [.. delivery.Attempts.Select(made =>
            new AttemptBody(made.Round, made.Number, made.At, made.ResponseStatus, whole ? made.Response : null, ErrorBody.Of(made.Failure)))]);
}

/// <param name="Response">The first KiB of what the receiver answered; absent for those who do not see the whole address.</param>
/// <param name="Error">Absent where it was delivered.</param>
internal sealed record AttemptBody(int Round, int Number, DateTimeOffset At, int? ResponseStatus, string? Response, ErrorBody? Error);
