using System.Text.Json;
using Microsoft.Extensions.Logging;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Deliveries;

/// <summary>
/// Takes webhooks in: the row first, then its orchestration. Telling of the same thing again is harmless; where the process dies between
/// row and start, the keeper starts it.
/// </summary>
public sealed partial class DeliveryOutbox(
    IDeliveryStore deliveries, IRunStore runs, IOrchestrationClient client, TimeProvider time, ILogger<DeliveryOutbox> logger)
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

    /// <summary>Makes the delivery that tells of a run's end; null where nobody is to be told.</summary>
    /// <param name="outcome">How the run ends, or has ended.</param>
    internal async Task<DeliveryRecord?> AddAsync(RunRecord run, WorkStatus outcome, CancellationToken cancellationToken)
    {
        if (run.Options.CallbackUrl is not { } url)
            return null;
        if (outcome == WorkStatus.Completed && run.Options.OnCompletion is { Action: CompletionAction.None })
            return null;
        if (run.Kind != RunKind.Task)
            return await CreateAsync(run.Id, null, "workflow", outcome, url, cancellationToken);
        var tasks = await runs.ListTasksAsync(run.Id, 1, null, cancellationToken);
        return await CreateAsync(run.Id, tasks.Items[0].Id, "task", outcome, url, cancellationToken);
    }

    /// <summary>Makes the delivery that tells of a task's end.</summary>
    internal Task<DeliveryRecord> AddAsync(TaskRecord task, Uri url, CancellationToken cancellationToken) =>
        CreateAsync(task.RunId, task.Id, "task", task.Status, url, cancellationToken);

    /// <summary>Starts the orchestration of a delivery's round. Starting it again is harmless.</summary>
    internal async Task StartAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (delivery.Status != DeliveryStatus.Pending)
            return;
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(DeliveryOrchestrator),
                new DeliveryInput(delivery.Id, delivery.Round),
                new StartOrchestrationOptions(DeliveryIds.Instance(delivery.Id, delivery.Round)),
                cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The keeper, or the same happening told once more, was faster.
        }
    }

    /// <summary>Starts pending deliveries that have no orchestration, and gives those up whose orchestration ended without saying so.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var query = new DeliveryQuery { Status = DeliveryStatus.Pending, Limit = 200 };
        do
        {
            var page = await deliveries.ListAsync(query, cancellationToken);
            foreach (var delivery in page.Items)
                await KeepAsync(delivery, cancellationToken);
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
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

    private Task<DeliveryRecord> CreateAsync(
        string runId, string? taskId, string subject, WorkStatus outcome, Uri url, CancellationToken cancellationToken)
    {
        var type = $"{subject}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString())}";
        var now = time.GetUtcNow();
        var delivery = new DeliveryRecord
        {
            Id = DeliveryIds.Of(runId, taskId, type),
            RunId = runId,
            TaskId = taskId,
            Type = type,
            Outcome = outcome,
            Url = url,
            Status = DeliveryStatus.Pending,
            CreatedAt = now,
            NextAttemptAt = now,
        };
        return deliveries.CreateIfAbsentAsync(delivery, cancellationToken);
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
