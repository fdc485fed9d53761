using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Deliveries;

/// <summary>
/// Makes one attempt of a delivery and writes down what came of it. An attempt that is written down is not made again; one that a crash
/// caught between the two is, and the receiver knows it by its id.
/// </summary>
public sealed partial class Deliver(
    IDeliveryStore deliveries, DeliveryMessages messages, IWebhookSender sender, ChannelPost post, IOptions<WebhookOptions> options, TimeProvider time, ILogger<Deliver> logger)
    : Activity<DeliverInput, NextAttempt>
{
    /// <summary>More rounds or attempts than ever happen, so that a later attempt has a higher revision.</summary>
    private const long RevisionsOfRound = 1_000;

    public override async Task<NextAttempt> RunAsync(ActivityContext context, DeliverInput input)
    {
        var delivery = await deliveries.GetAsync(input.DeliveryId, context.CancellationToken);
        if (delivery is not { Status: DeliveryStatus.Pending } || delivery.Round != input.Round)
            return NextAttempt.None;
        if (delivery.Attempts.Any(made => made.Round == input.Round && made.Number == input.Number))
            return new NextAttempt(delivery.NextAttemptAt);
        var begun = time.GetUtcNow();
        var answer = await SendAsync(delivery, context.CancellationToken);
        if (answer.Failure is null)
            await post.NoteAsync(delivery, context.CancellationToken);
        var attempt = new DeliveryAttempt(input.Round, input.Number, begun, answer.Status, answer.Body, answer.Failure);
        var settled = Settle(delivery, attempt, time.GetUtcNow());
        await deliveries.UpdateAsync(
            delivery.Id,
            new Change<DeliveryRecord>(stored => Copy(settled, stored), (input.Round * RevisionsOfRound) + input.Number),
            context.CancellationToken);
        Log(settled, attempt);
        return new NextAttempt(settled.NextAttemptAt);
    }

    private async Task<WebhookAnswer> SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken) =>
        ChannelPost.Carries(delivery) ? await post.SendAsync(delivery, cancellationToken) : await SendWebhookAsync(delivery, cancellationToken);

    private async Task<WebhookAnswer> SendWebhookAsync(DeliveryRecord delivery, CancellationToken cancellationToken) =>
        await messages.ComposeAsync(delivery, cancellationToken) is { } message
            ? await sender.SendAsync(message, cancellationToken)
            : new WebhookAnswer(null, null, new Failure(FailureKinds.DeliveryFailed, "What it was to tell of has been deleted."));

    private DeliveryRecord Settle(DeliveryRecord delivery, DeliveryAttempt attempt, DateTimeOffset now)
    {
        var status = attempt.Failure switch
        {
            null => DeliveryStatus.Delivered,
            { Retryable: true } when attempt.Number <= options.Value.MaxRetries => DeliveryStatus.Pending,
            _ => DeliveryStatus.Dead,
        };
        var pending = status == DeliveryStatus.Pending;
        return delivery with
        {
            Status = status,
            ClosedAt = pending ? null : now,
            NextAttemptAt = pending ? now + DeliverySchedule.After(options.Value.RetryDelay, attempt.Number, delivery.Id, attempt.Failure!) : null,
            Attempts = [.. delivery.Attempts.Append(attempt).TakeLast(DeliveryRecord.MaxAttempts)],
        };
    }

    private static DeliveryRecord Copy(DeliveryRecord settled, DeliveryRecord stored) =>
        stored with { Status = settled.Status, ClosedAt = settled.ClosedAt, NextAttemptAt = settled.NextAttemptAt, Attempts = settled.Attempts };

    private void Log(DeliveryRecord delivery, DeliveryAttempt attempt)
    {
        if (delivery.Status == DeliveryStatus.Dead)
            LogDead(logger, delivery.Type, delivery.RunId, HostOf(delivery), delivery.Id, attempt.Failure!.Message);
        else if (attempt.Failure is { } failure)
            LogFailed(logger, delivery.Type, delivery.RunId, HostOf(delivery), delivery.NextAttemptAt, failure.Message);
    }

    private static string HostOf(DeliveryRecord delivery) => delivery.Channel ?? delivery.Url.Host;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message {Type} of run {RunId} to {Host} was given up; redeliver {DeliveryId} once it can work: {Problem}")]
    private static partial void LogDead(ILogger logger, string type, string runId, string host, string deliveryId, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The message {Type} of run {RunId} to {Host} failed; next attempt at {Next}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string type, string runId, string host, DateTimeOffset? next, string problem);
}

/// <param name="Number">From 1 within the round.</param>
public sealed record DeliverInput(string DeliveryId, int Round, int Number);

/// <param name="At">Null where none is to come.</param>
public sealed record NextAttempt(DateTimeOffset? At)
{
    public static NextAttempt None { get; } = new((DateTimeOffset?)null);
}
