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
        var options = new ActivityOptions(Priority: ActivityPriority.Low, ConcurrencyKey: ConcurrencyKeys.WebhooksTo(input.Receiver));
        if (input.NotBefore is { } held)
            await context.CreateTimer(held.UtcDateTime, CancellationToken.None);
        for (var number = 1; ; number++)
        {
            var attempt = new DeliverInput(input.DeliveryId, input.Round, number);
            var next = await context.CallActivityAsync<NextAttempt>(nameof(Deliver), attempt, options);
            if (next.At is not { } at)
                return number;
            await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
        }
    }
}

/// <summary>What a <see cref="DeliveryOrchestrator"/> is started with.</summary>
/// <param name="Receiver">Host and port, or the channel, whose deliveries share a limit.</param>
/// <param name="NotBefore">When its first attempt may be made; null for at once.</param>
public sealed record DeliveryInput(string DeliveryId, int Round, string Receiver = "", DateTimeOffset? NotBefore = null);
