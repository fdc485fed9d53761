using System.Diagnostics;
using Troupe.Client;

namespace Troupe.Product.Bench;

/// <summary>What a client sees of the product, over HTTP.</summary>
internal static class Measurements
{
    /// <summary>Launches at a fixed rate, whether or not earlier ones are answered; their latencies in milliseconds, rising.</summary>
    public static async Task<IReadOnlyList<double>> LaunchesAsync(TroupeClient client, int perSecond, int count)
    {
        List<Task<double>> pending = [];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        while (pending.Count < count && await timer.WaitForNextTickAsync())
            pending.Add(TimeAsync(() => client.ScheduleTaskAsync("direct", "go")));
        return [.. (await Task.WhenAll(pending)).Order()];
    }

    /// <summary>From a task's launch to its end by the server's own time stamps, one task after the other; milliseconds, rising.</summary>
    public static async Task<IReadOnlyList<double>> TasksAsync(TroupeClient client, string agent, int count)
    {
        List<double> times = [];
        for (var i = 0; i < count; i++)
        {
            var launched = await client.ScheduleTaskAsync(agent, "go");
            var ended = await client.WaitForTaskAsync(launched.TaskId!);
            times.Add((ended.CompletedAt!.Value - ended.CreatedAt!.Value).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    /// <summary>Seconds from the launch of a batch to its end, as its client sees it.</summary>
    public static async Task<double> BatchAsync(TroupeClient client, string agent, int tasks, int limit) => await TimeAsync(async () =>
    {
        var launched = await client.LaunchBatchAsync(new BatchRequest([.. Enumerable.Repeat(new TaskRequest(agent, "go"), tasks)])
        {
            Options = new LaunchOptions { MaxConcurrency = limit },
        });
        return await client.WaitAsync(launched.WorkflowId);
    }) / 1000;

    private static async Task<double> TimeAsync<T>(Func<Task<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
