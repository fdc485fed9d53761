using Troupe.Core.Definitions;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Following;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;

namespace Troupe.Core.Deliveries;

/// <summary>Tells the <c>callback_url</c> of a run, or a task's own, of its end.</summary>
public sealed class CallbackUrls(DeliveryOutbox outbox, ToldRuns toldRuns, IRunStore runs, PlanCache plans) : IEventConsumer
{
    public bool Wants(string eventType) => WebhookTypes.OutcomeOf(eventType) is { } outcome && outcome != WorkStatus.Skipped;

    public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
    {
        if (await toldRuns.OfAsync(told, cancellationToken) is not { } run)
            return;
        var outcome = WebhookTypes.OutcomeOf(told.Type)!.Value;
        var delivery = told.TaskId is { } task
            ? await OfTaskAsync(run, task, outcome, told, cancellationToken)
            : await OfRunAsync(run, outcome, told, cancellationToken);
        if (delivery is not null)
            await outbox.SendAsync(delivery, cancellationToken);
    }

    private async Task<DeliveryRecord?> OfRunAsync(RunRecord run, WorkStatus outcome, RunEvent told, CancellationToken cancellationToken)
    {
        if (run.Options.CallbackUrl is not { } url)
            return null;
        if (outcome == WorkStatus.Completed && run.Options.OnCompletion is { Action: CompletionAction.None })
            return null;
        if (run.Kind != RunKind.Task)
            return DeliveryOutbox.Compose(told, Type("workflow", outcome), null, url);
        var tasks = await runs.ListTasksAsync(run.Id, 1, null, cancellationToken);
        return DeliveryOutbox.Compose(told, Type("task", outcome), tasks.Items[0].Id, url);
    }

    private async Task<DeliveryRecord?> OfTaskAsync(RunRecord run, string taskId, WorkStatus outcome, RunEvent told, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var options = NodeOf(plan, run.Id, taskId)?.Task?.Options;
        if (options?.CallbackUrl is not { } url || run.Kind == RunKind.Task)
            return null;
        var ownUrl = url != run.Options.CallbackUrl;
        return ownUrl || (outcome == WorkStatus.Failed && options.OnFailure == OnFailure.Callback)
            ? DeliveryOutbox.Compose(told, told.Type, taskId, url)
            : null;
    }

    /// <summary>The task of the plan; of an item of a fan-out, the fan-out.</summary>
    private static PlanNode? NodeOf(Plan plan, string runId, string taskId) =>
        plan.Nodes.FirstOrDefault(node => RunIds.Child(runId, node.Key) == taskId)
        ?? plan.Nodes.FirstOrDefault(node => node.Kind == PlanNodeKind.ForEach && taskId.StartsWith(RunIds.Child(runId, node.Key) + ".", StringComparison.Ordinal));

    private static string Type(string subject, WorkStatus outcome) => $"{subject}.{EnumWords<WorkStatus>.Write(outcome)}";
}
