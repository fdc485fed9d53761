using System.Diagnostics;
using Troupe.Bench.Engine;
using Troupe.Bench.Measuring;

namespace Troupe.Bench.Workloads;

/// <summary>W5: what a step costs early and late in one long history, in a process that has warmed up on such a history.</summary>
internal static class Growth
{
    private const int Early = 10;
    private const int Late = 10_000;
    private const int Sample = 500;

    public static async Task<Measurement> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var engine = await BenchEngine.StartAsync(folder.Path);
        await engine.RunAsync("StampedChain", Late);
        await engine.RunAsync("StampedChain", Late + Sample + 1);
        var (early, late) = (StepAfter(engine.Stamps, Early), StepAfter(engine.Stamps, Late));
        return new Measurement(
            [
                new Figure($"after {Early} steps", early, "ms a step"),
                new Figure($"after {Late:N0}", late, "ms a step"),
                new Figure("change", 100 * ((late / early) - 1), "%"),
            ]);
    }

    private static double StepAfter(long[] stamps, int first) =>
        Statistics.Median(Enumerable.Range(first, Sample).Select(n => Stopwatch.GetElapsedTime(stamps[n], stamps[n + 1]).TotalMilliseconds));
}
