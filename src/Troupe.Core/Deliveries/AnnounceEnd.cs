using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Durable;

namespace Troupe.Core.Deliveries;

/// <summary>
/// Hands the webhook that tells of a run's or a task's end to the outbox, where somebody is to be told. It does not wait for the delivery;
/// a repeat finds the same one.
/// </summary>
public sealed class AnnounceEnd(DeliveryOutbox outbox, IRunStore runs, PlanCache plans) : Activity<EndedWork, string?>
{
    /// <returns>The delivery's id; null where nobody is told.</returns>
    public override async Task<string?> RunAsync(ActivityContext context, EndedWork ended)
    {
        var delivery = ended.Task is { } task
            ? await OfTaskAsync(task, context.CancellationToken)
            : await OfRunAsync(ended.RunId, context.CancellationToken);
        if (delivery is not null)
            await outbox.StartAsync(delivery, context.CancellationToken);
        return delivery?.Id;
    }

    private async Task<DeliveryRecord?> OfRunAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        return run is null ? null : await outbox.AddAsync(run, run.Status, cancellationToken);
    }

    private async Task<DeliveryRecord?> OfTaskAsync(TaskInput input, CancellationToken cancellationToken)
    {
        var plan = await plans.GetAsync(input.Plan, cancellationToken);
        var url = plan.Nodes.First(node => node.Key == input.Node).Task?.Options.CallbackUrl;
        var task = await runs.GetTaskAsync(RunIds.Child(input.RunId, input.Key), cancellationToken);
        return url is null || task is null ? null : await outbox.AddAsync(task, url, cancellationToken);
    }
}

/// <param name="Task">Null where the run as a whole has ended.</param>
public sealed record EndedWork(string RunId, TaskInput? Task = null);
