using Troupe.Durable;

namespace Troupe.Testing.Histories;

internal static class Endings
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until an instance has ended; where it does not, says what has not ended, and why.</summary>
    public static async Task EndAsync(this IOrchestrationClient client, string instanceId)
    {
        try
        {
            await client.WaitForInstanceCompletionAsync(instanceId).WaitAsync(Patience);
        }
        catch (TimeoutException exception)
        {
            var all = (await client.GetInstancesAsync(new OrchestrationQuery())).Values;
            var open = all.Where(static state => !state.RuntimeStatus.IsTerminal()).Select(static state => $"{state.InstanceId}: {state.RuntimeStatus} {state.BlockedReason}");
            throw new TimeoutException($"'{instanceId}' has not ended. Open are\n{string.Join('\n', open)}", exception);
        }
    }
}
