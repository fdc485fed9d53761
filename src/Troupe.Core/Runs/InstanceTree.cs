using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>A run's orchestrations: its own, and every one whose id begins with <c>{run}:</c>.</summary>
internal static class InstanceTree
{
    /// <summary>Terminates parent, then children, until two listings in a row find nothing open.</summary>
    public static async Task TerminateAsync(IOrchestrationClient client, string runId, string reason, CancellationToken cancellationToken)
    {
        await TerminateOneAsync(client, runId, reason, cancellationToken);
        for (var empty = 0; empty < 2;)
        {
            var open = await OpenChildrenAsync(client, runId, cancellationToken);
            empty = open.Count == 0 ? empty + 1 : 0;
            foreach (var id in open)
                await TerminateOneAsync(client, id, reason, cancellationToken);
        }
    }

    private static async Task<List<string>> OpenChildrenAsync(IOrchestrationClient client, string runId, CancellationToken cancellationToken)
    {
        var open = new List<string>();
        string? token = null;
        do
        {
            var page = await client.GetInstancesAsync(
                new OrchestrationQuery
                {
                    InstanceIdPrefix = runId + ":",
                    Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended],
                    ContinuationToken = token,
                },
                cancellationToken);
            open.AddRange(page.Values.Select(static instance => instance.InstanceId));
            token = page.ContinuationToken;
        }
        while (token is not null);
        return open;
    }

    private static async Task TerminateOneAsync(IOrchestrationClient client, string instanceId, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await client.TerminateInstanceAsync(instanceId, reason, cancellationToken);
        }
        catch (Exception e) when (e is OrchestrationInvalidStateException or OrchestrationNotFoundException)
        {
            // It has ended in the meantime.
        }
    }
}
