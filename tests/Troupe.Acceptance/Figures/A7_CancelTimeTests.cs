using System.Diagnostics;

namespace Troupe.Acceptance.Figures;

[Collection(QuietCollection.Name)]
public sealed class A7_CancelTimeTests : AcceptanceTest
{
    [Fact]
    public async Task A7_Cancel_ReachesARunningAgentWithinTwoSeconds()
    {
        var launch = await Api.LaunchTaskAsync("sleep-30s");
        await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "running");

        var watch = Stopwatch.StartNew();
        (await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel", new { reason = "changed my mind" })).ExpectSuccess();
        var run = await Api.FinishAsync(launch.Text("workflow_id"));

        Assert.Equal("cancelled", run.Status());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2.5) + TargetHost.PlatformTime, $"It took {watch.Elapsed}.");
        Assert.Equal("cancelled", (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json.Status());
    }
}
