using Troupe.Core.Concurrency;
using Troupe.Core.Runs;
using Troupe.Durable;

namespace Troupe.Core.Deliveries;

/// <summary>
/// One round of a delivery: attempts until it is delivered or given up, with durable timers between them. The delivery's row holds what
/// came of it; nobody waits for this.
/// </summary>
public sealed class DeliveryOrchestrator : Orchestrator<DeliveryInput, int>
{
    /// <returns>How many attempts were made.</returns>
    public override async Task<int> RunAsync(OrchestrationContext context, DeliveryInput input)
    {
        var permits = new PermitHolder(context, input.PermitsFrom);
        if (input.PermitsFrom is not null)
            Inbox.Open(context, permits.Post);
        if (input.NotBefore is { } held)
            await context.CreateTimer(held.UtcDateTime, CancellationToken.None);
        for (var number = 1; ; number++)
        {
            var next = await AttemptAsync(context, input, number, permits);
            if (next.At is not { } at)
                return number;
            await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
        }
    }

    private static async Task<NextAttempt> AttemptAsync(OrchestrationContext context, DeliveryInput input, int number, PermitHolder permits)
    {
        var key = ConcurrencyKeys.WebhooksTo(input.Receiver);
        await permits.EnterAsync(key, ActivityPriority.Low);
        try
        {
            return await context.CallActivityAsync<NextAttempt>(
                nameof(Deliver), new DeliverInput(input.DeliveryId, input.Round, number), new ActivityOptions(Priority: ActivityPriority.Low, ConcurrencyKey: key));
        }
        finally
        {
            permits.Leave();
        }
    }
}

/// <summary>What a <see cref="DeliveryOrchestrator"/> is started with.</summary>
/// <param name="Receiver">Host and port, or the channel, whose deliveries share a limit.</param>
/// <param name="NotBefore">When its first attempt may be made; null for at once.</param>
/// <param name="PermitsFrom">The gate that each attempt needs a permit of; null where none is needed.</param>
public sealed record DeliveryInput(string DeliveryId, int Round, string Receiver = "", DateTimeOffset? NotBefore = null, string? PermitsFrom = null);
