using Microsoft.Extensions.Logging;
using Troupe.Core.Concurrency;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Deliveries;

/// <summary>
/// Takes webhooks in: the row first, then its orchestration. Telling of the same thing again is harmless; where the process dies between
/// row and start, the keeper starts it.
/// </summary>
public sealed partial class DeliveryOutbox(
    IDeliveryStore deliveries, IOrchestrationClient client, IConcurrencyGate gate, TimeProvider time, ILogger<DeliveryOutbox> logger)
{
    /// <summary>Sends a delivery that has ended once more, with as many attempts as the first time.</summary>
    public async Task<RedeliverResult> RedeliverAsync(string deliveryId, CancellationToken cancellationToken)
    {
        if (await deliveries.GetAsync(deliveryId, cancellationToken) is not { } before)
            return new RedeliverResult(RedeliverOutcome.NotFound, null);
        if (before.Status == DeliveryStatus.Pending)
            return new RedeliverResult(RedeliverOutcome.Pending, before);
        var now = time.GetUtcNow();
        var after = await deliveries.UpdateAsync(
            deliveryId,
            new Change<DeliveryRecord>(stored => stored.Status == DeliveryStatus.Pending
                ? stored
                : stored with { Status = DeliveryStatus.Pending, Round = stored.Round + 1, ClosedAt = null, NextAttemptAt = now }),
            cancellationToken);
        await StartAsync(after!, cancellationToken);
        return new RedeliverResult(RedeliverOutcome.Accepted, after);
    }

    /// <summary>Sends dead deliveries again, newest first.</summary>
    /// <returns>How many, and whether there are more.</returns>
    public async Task<(int Sent, bool More)> RedeliverDeadAsync(string? runId, string? subscriptionId, int limit, CancellationToken cancellationToken)
    {
        var dead = await deliveries.AllDeliveriesAsync(new DeliveryQuery { Status = DeliveryStatus.Dead, RunId = runId }, cancellationToken)
            .Where(delivery => subscriptionId is null || delivery.SubscriptionId == subscriptionId)
            .Select(static delivery => delivery.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        foreach (var id in dead.Take(limit))
            await RedeliverAsync(id, cancellationToken);
        return (Math.Min(dead.Count, limit), dead.Count > limit);
    }

    /// <summary>Takes a delivery in, unless it is there, and sets it going.</summary>
    public async Task SendAsync(DeliveryRecord delivery, CancellationToken cancellationToken) =>
        await StartAsync(await deliveries.CreateIfAbsentAsync(delivery, cancellationToken), cancellationToken);

    /// <summary>The delivery that tells one address of an event.</summary>
    internal static DeliveryRecord Compose(RunEvent told, string type, string? taskId, Uri url) => new()
    {
        Id = DeliveryIds.Of(told, url.AbsoluteUri),
        RunId = told.RunId,
        Sequence = told.Sequence,
        TaskId = taskId,
        Type = type,
        Url = url,
        Status = DeliveryStatus.Pending,
        CreatedAt = told.Time,
        NextAttemptAt = told.Time,
    };

    /// <summary>The delivery that tells a subscriber of an event.</summary>
    internal static DeliveryRecord Compose(RunEvent told, string type, string? taskId, WebhookSubscription subscription) =>
        Compose(told, type, taskId, subscription.Url) with { Id = DeliveryIds.Of(told, subscription.Id), SubscriptionId = subscription.Id };

    /// <summary>Starts the orchestration of a delivery's round. Starting it again is harmless.</summary>
    internal async Task StartAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.Status != DeliveryStatus.Pending)
            return;
        var receiver = ReceiverOf(delivery);
        var gateId = await gate.ForAsync(ConcurrencyKeys.WebhooksTo(receiver), cancellationToken);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(DeliveryOrchestrator),
                new DeliveryInput(delivery.Id, delivery.Round, receiver, delivery.Round == 1 ? delivery.HeldUntil : null, gateId),
                new StartOrchestrationOptions(DeliveryIds.Instance(delivery.Id, delivery.Round)),
                cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The keeper, or the same happening told once more, was faster.
        }
    }

    private static string ReceiverOf(DeliveryRecord delivery) => ChannelPost.Carries(delivery) ? $"channel:{delivery.Channel}" : delivery.Url.Authority;

    /// <summary>Starts pending deliveries that have no orchestration, and gives those up whose orchestration ended without saying so.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        await foreach (var delivery in deliveries.AllDeliveriesAsync(new DeliveryQuery { Status = DeliveryStatus.Pending }, cancellationToken))
            await KeepAsync(delivery, cancellationToken);
    }

    private async Task KeepAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(DeliveryIds.Instance(delivery.Id, delivery.Round), cancellation: cancellationToken);
        if (instance is null)
        {
            LogRevived(logger, delivery.Id);
            await StartAsync(delivery, cancellationToken);
        }
        else if (instance.RuntimeStatus.IsTerminal())
        {
            LogBroken(logger, delivery.Id, instance.FailureDetails?.ErrorMessage ?? instance.RuntimeStatus.ToString());
            var now = time.GetUtcNow();
            await deliveries.UpdateAsync(
                delivery.Id,
                new Change<DeliveryRecord>(stored => stored.Status == DeliveryStatus.Pending && stored.Round == delivery.Round
                    ? stored with { Status = DeliveryStatus.Dead, ClosedAt = now, NextAttemptAt = null }
                    : stored),
                cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook delivery {DeliveryId} had a row but no orchestration; it is started now")]
    private static partial void LogRevived(ILogger logger, string deliveryId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The orchestration of webhook delivery {DeliveryId} ended before it was delivered: {Reason}")]
    private static partial void LogBroken(ILogger logger, string deliveryId, string reason);
}

public enum RedeliverOutcome
{
    Accepted,
    NotFound,

    /// <summary>It is on its way already.</summary>
    Pending,
}

public sealed record RedeliverResult(RedeliverOutcome Outcome, DeliveryRecord? Delivery);
