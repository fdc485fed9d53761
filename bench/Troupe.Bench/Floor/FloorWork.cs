using System.Collections.Concurrent;
using System.Diagnostics;
using Troupe.Bench.Measuring;
using Troupe.Bench.Servers;
using Troupe.Bench.Workloads;

namespace Troupe.Bench.Floor;

/// <summary>The workloads as bare writes. Steps are as large as the engine's.</summary>
internal static class FloorWork
{
    private const int StepBytes = 40;
    private const int ResultBytes = 20;

    /// <summary>A row for each result, all handed to the writer at once.</summary>
    public static async Task<Measurement> FanOutAsync()
    {
        const int Activities = 1_000;
        const int Rounds = 10;
        using var folder = new TemporaryFolder();
        await using var store = await FloorStore.OpenAsync(folder.Path);
        for (var i = 0; i < 20; i++) await RoundAsync();
        var count = Cost.Count();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rounds; i++) await RoundAsync();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Measurement([new Figure("", Rounds * Activities / seconds, "rows/s")], count(Rounds * Activities));

        async Task RoundAsync()
        {
            var record = await store.StartAsync(ResultBytes * Activities);
            await Task.WhenAll(Enumerable.Range(0, Activities).Select(n => store.ResultAsync(record, n + 2, ResultBytes)));
            await store.StepAsync(record, StepBytes, last: true);
        }
    }

    /// <summary>One commit for each step, one after the other.</summary>
    public static async Task<Measurement> ChainAsync()
    {
        const int Steps = 200;
        const int Rounds = 5;
        using var folder = new TemporaryFolder();
        await using var store = await FloorStore.OpenAsync(folder.Path);
        for (var i = 0; i < 10; i++) await RoundAsync();
        var count = Cost.Count();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rounds; i++) await RoundAsync();
        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new Measurement([new Figure("", milliseconds / (Rounds * Steps), "ms a step")], count(Rounds * Steps));

        async Task RoundAsync()
        {
            var record = await store.StartAsync(StepBytes);
            for (var step = 1; step <= Steps; step++) record = await store.StepAsync(record, StepBytes, last: step == Steps);
        }
    }

    /// <summary>Two commits for each run: its start with the first step, which is answered, and its end.</summary>
    public static async Task<Measurement> StartersAsync()
    {
        using var folder = new TemporaryFolder();
        await using var store = await FloorStore.OpenAsync(folder.Path);
        var runs = new ConcurrentDictionary<string, Task>(StringComparer.Ordinal);
        return await Starters.RunAsync(() => StartAsync(store, runs), id => runs[id]);
    }

    public static async Task<Measurement> HttpStartersAsync()
    {
        using var folder = new TemporaryFolder();
        await using var store = await FloorStore.OpenAsync(folder.Path);
        var runs = new ConcurrentDictionary<string, Task>(StringComparer.Ordinal);
        return await HttpStarters.RunAsync(() => StartAsync(store, runs), id => runs[id]);
    }

    private static async Task<string> StartAsync(FloorStore store, ConcurrentDictionary<string, Task> runs)
    {
        var record = await store.StartAsync(StepBytes);
        runs[record.Id] = store.StepAsync(record, StepBytes, last: true);
        return record.Id;
    }
}
