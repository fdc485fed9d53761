using Troupe.Bench.Engine;
using Troupe.Bench.Measuring;

namespace Troupe.Bench.Workloads;

/// <summary>W8: many timers due at one instant.</summary>
internal static class Timers
{
    private const int Count = 10_000;

    public static async Task<Measurement> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(6);
        var ids = new List<string>();
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(1_000))
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => engine.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", due))));
        await engine.SettleAsync();
        if (TimeProvider.System.GetUtcNow().UtcDateTime >= due) throw new InvalidOperationException("The timers were due before all were set.");
        var lateness = new List<double>();
        foreach (var id in ids)
        {
            var state = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            lateness.Add((state.LastUpdatedAt.UtcDateTime - due).TotalMilliseconds);
        }

        return new Measurement([new Figure("lateness p50", Statistics.Median(lateness), "ms"), new Figure("max", lateness.Max(), "ms")]);
    }
}
