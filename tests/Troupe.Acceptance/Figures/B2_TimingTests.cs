using System.Diagnostics;
using Xunit.Abstractions;

namespace Troupe.Acceptance.Figures;

[Collection(QuietCollection.Name)]
public sealed class B2_TimingTests(ITestOutputHelper output) : AcceptanceTest
{
    [EmbeddedFact(Reasons.Figure)]
    public async Task B2_TwentyTasksLimitTwenty_FinishWithinOneAndAHalfSeconds() =>
        Assert.InRange(await Figure.BestAsync(() => MeasureAsync(20, "sleep-1s", 20), 1.5), 1.0, 1.5);

    [EmbeddedFact(Reasons.Figure)]
    public async Task B2_FiftyTasksLimitTen_FinishWithinSixSeconds() =>
        Assert.InRange(await Figure.BestAsync(() => MeasureAsync(50, "sleep-1s", 10), 6.0), 5.0, 6.0);

    [EmbeddedFact(Reasons.Figure)]
    public async Task B2_ThreeTasksLimitThree_AreNearlyThreeTimesAsFastAsOneByOne()
    {
        var sequential = await MeasureAsync(3, "sleep-2s", 1);
        var parallel = await Figure.BestAsync(() => MeasureAsync(3, "sleep-2s", 3), sequential / 2.9);
        Assert.InRange(parallel, 2.0, 3.0);
        Assert.True(sequential / parallel >= 2.9, $"{sequential:0.000} s one by one, {parallel:0.000} s in parallel: only {sequential / parallel:0.00} times faster.");
    }

    /// <summary>Seconds from sending the launch to reading that the run is complete.</summary>
    private async Task<double> MeasureAsync(int count, string agent, int limit)
    {
        await Api.CompleteAsync(await Api.LaunchTasksAsync(null, new { id = "warm-up", agent = "instant", prompt = "x" }));
        object[] tasks = [.. Enumerable.Range(0, count).Select(i => (object)new { id = $"t{i}", agent, prompt = $"{i}" })];
        var watch = Stopwatch.StartNew();
        var run = await Api.LaunchTasksAsync(new { max_concurrency = limit }, tasks);
        await Api.CompleteAsync(run);
        var elapsed = watch.Elapsed.TotalSeconds;
        output.WriteLine($"{count} × {agent}, limit {limit}: {elapsed:0.000} s");
        return elapsed;
    }
}
