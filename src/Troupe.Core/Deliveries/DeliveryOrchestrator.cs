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
        for (var number = 1; ; number++)
        {
            var next = await context.CallActivityAsync<NextAttempt>(nameof(Deliver), new DeliverInput(input.DeliveryId, input.Round, number));
            if (next.At is not { } at)
                return number;
            await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
        }
    }
}

/// <summary>What a <see cref="DeliveryOrchestrator"/> is started with.</summary>
public sealed record DeliveryInput(string DeliveryId, int Round);
