using Troupe.Core.Following;
using Troupe.Core.Records;

namespace Troupe.Core.Deliveries.Subscriptions;

/// <summary>Tells subscribers of the events that they want.</summary>
internal sealed class Subscribers(WebhookSubscriptions subscriptions, DeliveryOutbox outbox, ToldRuns runs) : IEventConsumer
{
    private const int AtOnce = 16;

    public bool Wants(string eventType) => WebhookTypes.Of(eventType) is not null;

    public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
    {
        var type = WebhookTypes.Of(told.Type)!;
        var wanting = (await subscriptions.KnownAsync(cancellationToken)).Where(subscription => subscription.Wants(type)).ToList();
        if (wanting.Count == 0 || await runs.OfAsync(told, cancellationToken) is not { } run)
            return;

        // A single task is told of as a task alone.
        if (run.Kind == RunKind.Task && (type.StartsWith("workflow.", StringComparison.Ordinal) || type.StartsWith("phase.", StringComparison.Ordinal)))
            return;

        // Beside each other, so that the store can take many into one commit.
        await Parallel.ForEachAsync(
            wanting.Where(subscription => subscription.Covers(run.Name, run.Tags)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (subscription, stop) => await outbox.SendAsync(DeliveryOutbox.Compose(told, type, told.TaskId, subscription), stop));
    }
}
