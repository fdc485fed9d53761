using System.Diagnostics;
using Troupe.Bench.Engine;
using Troupe.Bench.Measuring;
using Troupe.Bench.Servers;

namespace Troupe.Bench.Workloads;

/// <summary>W1 to W3: how much gets done.</summary>
internal static class Throughput
{
    public static async Task<Measurement> FanOutAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        return await RepeatAsync(engine, "FanOut", 1_000, warmUps: 20, rounds: 10, static (activities, elapsed) =>
            new Figure("", activities / elapsed.TotalSeconds, "activities/s"));
    }

    public static async Task<Measurement> ChainAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        return await ChainAsync(engine);
    }

    public static Task<Measurement> ChainAsync(BenchEngine engine) => RepeatAsync(engine, "Chain", 200, warmUps: 10, rounds: 5, static (activities, elapsed) =>
        new Figure("", elapsed.TotalMilliseconds / activities, "ms a step"));

    public static async Task<Measurement> StartersAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        var client = engine.Client;
        return await Starters.RunAsync(() => client.ScheduleNewOrchestrationInstanceAsync("One", 1), id => client.WaitForInstanceCompletionAsync(id));
    }

    public static async Task<Measurement> HttpStartersAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        var client = engine.Client;
        return await HttpStarters.RunAsync(() => client.ScheduleNewOrchestrationInstanceAsync("One", 1), id => client.WaitForInstanceCompletionAsync(id));
    }

    private static async Task<Measurement> RepeatAsync(
        BenchEngine engine, string orchestrator, int activities, int warmUps, int rounds, Func<int, TimeSpan, Figure> figure)
    {
        for (var i = 0; i < warmUps; i++) await engine.RunAsync(orchestrator, activities);
        var count = Cost.Count();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds; i++) await engine.RunAsync(orchestrator, activities);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Measurement([figure(rounds * activities, elapsed)], count(rounds * activities));
    }
}
