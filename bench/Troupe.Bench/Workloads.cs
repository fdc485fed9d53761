using System.Diagnostics;
using Troupe.Durable;

namespace Troupe.Bench;

internal sealed record Workload(string Id, string What, string Goal, Func<Task<IReadOnlyList<Figure>>> RunAsync);

internal static class Workloads
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", "fan out 1,000 no-op activities, fan in", "≥ 30,000 /s", FanOutAsync),
        new("W2", "chain of 200 no-op activities", "≤ 0.25 ms a step", ChainAsync),
        new("W3", "1,000 one-activity runs, 16 concurrent starters, in process", "≥ 15,000 /s", StartersAsync),
        new("W3h", "the same over HTTP", "≥ 85 % of the floor", HttpStarters.RunAsync),
        new("W4", "a fresh process", "< 90 MiB; < 0.5 s", ChildProcess.MeasureAsync),
        new("W5", "a step as history grows", "flat (± 10 %)", GrowthAsync),
        new("W6", "restart with 100,000 waiting instances", "< 2 s; < 300 MiB", WaitingAsync),
        new("W8", "10,000 timers due at one instant", "p50 < 0.2 s; max < 0.5 s", TimersAsync),
    ];

    private static async Task<IReadOnlyList<Figure>> FanOutAsync()
    {
        const int Activities = 1_000;
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        for (var i = 0; i < 20; i++) await engine.RunAsync("FanOut", Activities);
        var start = Stopwatch.GetTimestamp();
        const int Rounds = 10;
        for (var i = 0; i < Rounds; i++) await engine.RunAsync("FanOut", Activities);
        return [new Figure("", Rounds * Activities / Stopwatch.GetElapsedTime(start).TotalSeconds, "activities/s")];
    }

    private static async Task<IReadOnlyList<Figure>> ChainAsync()
    {
        const int Steps = 200;
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        for (var i = 0; i < 10; i++) await engine.RunAsync("Chain", Steps);
        var start = Stopwatch.GetTimestamp();
        const int Rounds = 5;
        for (var i = 0; i < Rounds; i++) await engine.RunAsync("Chain", Steps);
        return [new Figure("", Stopwatch.GetElapsedTime(start).TotalMilliseconds / (Rounds * Steps), "ms a step")];
    }

    private static async Task<IReadOnlyList<Figure>> StartersAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        return await Starters.RunAsync(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("One", 1), engine.Client);
    }

    private static async Task<IReadOnlyList<Figure>> GrowthAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        for (var i = 0; i < 10; i++) await engine.RunAsync("Chain", 200);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++) await engine.RunAsync("Chain", 200);
        var young = Stopwatch.GetElapsedTime(start).TotalMilliseconds / 2_000;
        start = Stopwatch.GetTimestamp();
        await engine.RunAsync("Chain", 10_000);
        return [new Figure("first 200 steps", young, "ms a step"), new Figure("10,000 steps", Stopwatch.GetElapsedTime(start).TotalMilliseconds / 10_000, "ms a step")];
    }

    private static async Task<IReadOnlyList<Figure>> WaitingAsync()
    {
        const int Instances = 100_000;
        using var folder = new TemporaryFolder();
        await using (var engine = await BenchEngine.StartAsync(folder.Path))
        {
            foreach (var chunk in Enumerable.Range(0, Instances).Chunk(1_000))
                await Task.WhenAll(chunk.Select(n => engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", n)));
            await UntilAllRunAsync(engine.Client);
        }

        return await ChildProcess.MeasureRestartAsync(folder.Path);
    }

    private static async Task<IReadOnlyList<Figure>> TimersAsync()
    {
        const int Timers = 10_000;
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(6);
        var ids = new List<string>();
        foreach (var chunk in Enumerable.Range(0, Timers).Chunk(1_000))
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => engine.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", due))));
        var lateness = new List<double>();
        foreach (var id in ids)
        {
            var state = await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            lateness.Add((state.LastUpdatedAt.UtcDateTime - due).TotalMilliseconds);
        }

        return [new Figure("lateness p50", Statistics.Median(lateness), "ms"), new Figure("max", lateness.Max(), "ms")];
    }

    private static async Task UntilAllRunAsync(IOrchestrationClient client)
    {
        var pending = new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Pending], PageSize = 1 };
        while ((await client.GetInstancesAsync(pending)).Values.Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
}
