using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;

namespace Troupe.Core.Deliveries;

/// <summary>Writes what a delivery says. It reads events, and records that have ended, so that every attempt says the same.</summary>
public sealed class DeliveryMessages(
    IRunStore runs, IEventLog log, IArtifactStore artifacts, INotificationStore notifications, PlanCache plans, WebhookSubscriptions subscriptions, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Results up to this many UTF-8 bytes go with the message: 64 KiB.</summary>
    public const int MaxInlineResult = 64 << 10;

    /// <summary>Null where the run, the task or the subscription has been deleted.</summary>
    public async Task<WebhookMessage?> ComposeAsync(DeliveryRecord delivery, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(delivery.RunId, cancellationToken) is not { } run
            || await log.ReadAsync(delivery.RunId, delivery.Sequence - 1, 1, cancellationToken) is not [var told]
            || await SecretsAsync(delivery, cancellationToken) is not { } secrets)
            return null;
        var data = await DescribeAsync(delivery, run, told, cancellationToken);
        if (data is not null && delivery is { NotificationId: { } id, User: { } user })
            data = data with { Notification = WebhookNotification.Of(await notifications.GetAsync(user, id, cancellationToken)) };
        return data is null ? null : new WebhookMessage(delivery.Id, delivery.Url, delivery.Type, delivery.CreatedAt, data, secrets);
    }

    private async Task<IReadOnlyList<string>?> SecretsAsync(DeliveryRecord delivery, CancellationToken cancellationToken) => delivery.SubscriptionId switch
    {
        null => options.Value.Secret is { Length: > 0 } secret ? [secret] : [],
        var id => (await subscriptions.GetAsync(id, cancellationToken))?.KeysAt(time.GetUtcNow()),
    };

    private async Task<WebhookData?> DescribeAsync(DeliveryRecord delivery, RunRecord run, RunEvent told, CancellationToken cancellationToken)
    {
        var data = Describe(run, told);
        var ofRun = data.Status is not null && told.TaskId is null;
        if (delivery.TaskId is { } taskId)
            return await OfTaskAsync(data, run, taskId, cancellationToken);
        return ofRun ? await OfRunAsync(data, run, cancellationToken) : data;
    }

    private async Task<WebhookData?> OfTaskAsync(WebhookData data, RunRecord run, string taskId, CancellationToken cancellationToken)
    {
        if (await runs.GetTaskAsync(taskId, cancellationToken) is not { } task)
            return null;
        data = data with { TaskId = task.Id, Name = task.Title, Agent = task.Agent };
        if (data.Status is not { } outcome)
            return data;
        data = data with
        {
            Attempt = task.Attempt,
            CreatedAt = task.CreatedAt.UtcDateTime,
            StartedAt = task.StartedAt?.UtcDateTime,
            CompletedAt = task.CompletedAt?.UtcDateTime,
            Error = outcome == WorkStatus.Completed ? null : WebhookError.Of(task.Error ?? run.Error),
            Usage = task.Usage,
        };
        return await WithResultAsync(data, task, cancellationToken);
    }

    private async Task<WebhookData> OfRunAsync(WebhookData data, RunRecord run, CancellationToken cancellationToken)
    {
        var totals = await runs.GetTotalsAsync(run.Id, cancellationToken);
        data = data with
        {
            CompletedAt = run.CompletedAt?.UtcDateTime,
            Error = WebhookError.Of(run.Error),
            Usage = run.Usage,
            TaskCounts = totals.Counts.ToDictionary(static count => EnumWords<WorkStatus>.Write(count.Key), static count => count.Value),
        };
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        if (plan.ResultKey is null)
            return data with { ResultUrl = Url($"workflows/{run.Id}/tasks") };
        var task = await runs.GetTaskAsync(RunIds.Child(run.Id, plan.ResultKey), cancellationToken);
        return task is null ? data : await WithResultAsync(data with { TaskId = task.Id }, task, cancellationToken);
    }

    private static WebhookData Describe(RunRecord run, RunEvent told)
    {
        var outcome = WebhookTypes.OutcomeOf(told.Type);
        return new WebhookData
        {
            Status = outcome,
            WorkflowId = run.Id,
            Sequence = told.Sequence,
            Kind = run.Kind,
            Name = run.Name,
            CreatedAt = run.CreatedAt.UtcDateTime,
            StartedAt = run.StartedAt?.UtcDateTime,
            Event = outcome is null ? told.Data : null,
            Tags = run.Tags,
            Metadata = run.Metadata,
        };
    }

    private async Task<WebhookData> WithResultAsync(WebhookData data, TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.Result is not { } result)
            return data;
        data = data with { ResultType = task.ResultType };
        if (result.Artifact is { Length: > MaxInlineResult })
            return data with { ResultUrl = Url($"tasks/{Uri.EscapeDataString(task.Id)}/result") };
        var text = await artifacts.ReadTextAsync(result, cancellationToken);
        return Encoding.UTF8.GetByteCount(text) > MaxInlineResult
            ? data with { ResultUrl = Url($"tasks/{Uri.EscapeDataString(task.Id)}/result") }
            : data with { Result = Json(text, task.ResultType) };
    }

    /// <summary>A JSON result as what it is, any other as a string.</summary>
    private static JsonElement Json(string text, ResultType? type)
    {
        if (type == ResultType.Json)
        {
            try
            {
                return JsonElement.Parse(text);
            }
            catch (JsonException)
            {
                return JsonSerializer.SerializeToElement(text);
            }
        }

        return JsonSerializer.SerializeToElement(text);
    }

    private string Url(string path) => $"{options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/')}/api/v1/{path}";
}
