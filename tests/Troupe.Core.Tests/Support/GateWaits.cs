using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Tests.Support;

internal static class GateWaits
{
    /// <summary>Waits until the gate is open.</summary>
    public static async Task WaitForGateAsync(this IOrchestrationClient client, IGateStore gates, string gateId)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await gates.GetAsync(gateId, patience.Token) is null)
        {
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
