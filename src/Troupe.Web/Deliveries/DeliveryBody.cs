using Troupe.Core.Deliveries;
using Troupe.Web.Views;

namespace Troupe.Web.Deliveries;

/// <summary>A webhook with its attempts.</summary>
internal sealed record DeliveryBody(
    string Id,
    string WorkflowId,
    string? TaskId,
    string Type,
    Uri Url,
    DeliveryStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? NextAttemptAt,
    int Round,
    IReadOnlyList<AttemptBody> Attempts)
{
    public static DeliveryBody Of(DeliveryRecord delivery) => new(
        delivery.Id,
        delivery.RunId,
        delivery.TaskId,
        delivery.Type,
        delivery.Url,
        delivery.Status,
        delivery.CreatedAt,
        delivery.ClosedAt,
        delivery.NextAttemptAt,
        delivery.Round,
        [.. delivery.Attempts.Select(static made =>
            new AttemptBody(made.Round, made.Number, made.At, made.ResponseStatus, made.Response, ErrorBody.Of(made.Failure)))]);
}

/// <param name="Response">The first KiB of what the receiver answered.</param>
/// <param name="Error">Absent where it was delivered.</param>
internal sealed record AttemptBody(int Round, int Number, DateTimeOffset At, int? ResponseStatus, string? Response, ErrorBody? Error);
