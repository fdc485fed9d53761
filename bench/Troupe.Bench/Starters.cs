using System.Collections.Concurrent;
using System.Diagnostics;
using Troupe.Durable;

namespace Troupe.Bench;

/// <summary>Sixteen callers that start 1,000 runs; the clock stops when the last run has ended.</summary>
internal static class Starters
{
    private const int Runs = 1_000;
    private const int Callers = 16;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Func<Task<string>> start, IOrchestrationClient client)
    {
        for (var i = 0; i < 5; i++) await RoundAsync(start, client);
        var (seconds, answers) = await RoundAsync(start, client);
        return
        [
            new Figure("", Runs / seconds, "runs/s"),
            new Figure("start p50", Statistics.Median(answers), "ms"),
            new Figure("p99", Statistics.Percentile(answers, 0.99), "ms"),
        ];
    }

    private static async Task<(double Seconds, IReadOnlyCollection<double> Answers)> RoundAsync(Func<Task<string>> start, IOrchestrationClient client)
    {
        var ids = new ConcurrentBag<string>();
        var answers = new ConcurrentBag<double>();
        var left = Runs;
        var begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var asked = Stopwatch.GetTimestamp();
                ids.Add(await start());
                answers.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        })));
        foreach (var id in ids) await client.WaitForInstanceCompletionAsync(id);
        return (Stopwatch.GetElapsedTime(begin).TotalSeconds, answers);
    }
}
