using System.Collections.Concurrent;
using System.Diagnostics;
using Troupe.Bench.Measuring;

namespace Troupe.Bench.Workloads;

/// <summary>Sixteen callers that start 1,000 runs; the clock stops when the last run has ended. A round is short, so the median of many counts.</summary>
internal static class Starters
{
    private const int Runs = 1_000;
    private const int Callers = 16;
    private const int WarmUps = 24;
    private const int Rounds = 15;

    public static async Task<Measurement> RunAsync(Func<Task<string>> start, Func<string, Task> end)
    {
        for (var i = 0; i < WarmUps; i++) await RoundAsync(start, end);
        List<Measurement> rounds = [];
        for (var i = 0; i < Rounds; i++) rounds.Add(await MeasureAsync(start, end));
        return Measurement.Median(rounds);
    }

    private static async Task<Measurement> MeasureAsync(Func<Task<string>> start, Func<string, Task> end)
    {
        var count = Cost.Count();
        var (seconds, answers) = await RoundAsync(start, end);
        return new Measurement(
            [
                new Figure("", Runs / seconds, "runs/s"),
                new Figure("start p50", Statistics.Median(answers), "ms"),
                new Figure("p99", Statistics.Percentile(answers, 0.99), "ms"),
            ],
            count(Runs));
    }

    private static async Task<(double Seconds, IReadOnlyCollection<double> Answers)> RoundAsync(Func<Task<string>> start, Func<string, Task> end)
    {
        var ends = new ConcurrentBag<Task>();
        var answers = new ConcurrentBag<double>();
        var begin = Stopwatch.GetTimestamp();
        await Callers.ShareAsync(Runs, async _ =>
        {
            var asked = Stopwatch.GetTimestamp();
            var id = await start();
            answers.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            ends.Add(end(id));
        });
        await Task.WhenAll(ends);
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, answers);
    }
}

internal static class Sharing
{
    /// <summary>So many callers do the numbered pieces of work, each one after the other.</summary>
    public static Task ShareAsync(this int callers, int count, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n < count; n = Interlocked.Increment(ref next)) await work(n);
        })));
    }
}
