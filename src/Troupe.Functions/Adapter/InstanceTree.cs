using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OrchestrationRuntimeStatus = Troupe.Durable.OrchestrationRuntimeStatus;
using PlatformQuery = Microsoft.DurableTask.Client.OrchestrationQuery;

namespace Troupe.Functions.Adapter;

/// <summary>
/// An instance and every one below it: those whose ids begin with its own and a colon. The platform's terminate, suspend, resume and purge
/// reach the one instance alone.
/// </summary>
internal sealed partial class InstanceTree(TimeProvider time, ILogger<InstanceTree> logger)
{
    /// <summary>How long a terminate watches that nothing new begins below the instance: 30 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int AtOnce = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private static readonly OrchestrationRuntimeStatus[] Open =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>
    /// Tells parent, then children, each once, until two listings in a row find nothing open. A parent that has not yet taken in that it is
    /// to end can begin another child, so that one listing proves nothing.
    /// </summary>
    public async Task TerminateAsync(DurableTaskClient client, string instanceId, Func<string, Task> terminate, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var told = new HashSet<string>(StringComparer.Ordinal) { instanceId };
        await terminate(instanceId);
        var pause = FirstPause;
        for (var empty = 0; empty < 2; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var open = await BelowAsync(client, instanceId, Open, cancellationToken);
            empty = open.Count == 0 ? empty + 1 : 0;
            await EachAsync(open.Where(told.Add), terminate, cancellationToken);
            if (empty == 2)
                return;
            if (time.GetElapsedTime(started) > Patience)
            {
                LogStillOpen(logger, open.Count, instanceId);
                return;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Suspends or resumes: parent, then the children that are there.</summary>
    public static async Task TellAsync(DurableTaskClient client, string instanceId, Func<string, Task> tell, CancellationToken cancellationToken)
    {
        await tell(instanceId);
        await EachAsync(await BelowAsync(client, instanceId, Open, cancellationToken), tell, cancellationToken);
    }

    /// <summary>Purges children, then parent; returns how many there were.</summary>
    public static async Task<int> PurgeAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        var purged = 0;
        await EachAsync(await BelowAsync(client, instanceId, Ended, cancellationToken), PurgeOneAsync, cancellationToken);
        await PurgeOneAsync(instanceId);
        return purged;

        async Task PurgeOneAsync(string id) =>
            Interlocked.Add(ref purged, (await client.PurgeInstanceAsync(id, cancellation: cancellationToken)).PurgedInstanceCount);
    }

    private static Task EachAsync(IEnumerable<string> ids, Func<string, Task> act, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        ids,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (id, _) => await act(id));

    private static async Task<List<string>> BelowAsync(
        DurableTaskClient client, string instanceId, OrchestrationRuntimeStatus[] statuses, CancellationToken cancellationToken)
    {
        var query = new PlatformQuery(Statuses: statuses.Select(Views.Of), InstanceIdPrefix: instanceId + ":", PageSize: 500);
        var found = new List<string>();
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
            found.Add(instance.InstanceId);
        return found;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} orchestrations below {InstanceId} were told to end and are open still")]
    private static partial void LogStillOpen(ILogger logger, int count, string instanceId);
}
