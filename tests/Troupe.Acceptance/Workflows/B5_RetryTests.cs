namespace Troupe.Acceptance.Workflows;

public sealed class B5_RetryTests : AcceptanceTest
{
    [Fact]
    public async Task B5_TaskTimeout_EndsTheAttempt()
    {
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "sleep-30s", prompt = "x", timeout = "500ms", max_retries = 0 });
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());
        var task = await Api.TaskAsync(run, "t");
        Assert.Equal("timed_out", task.GetProperty("error").Text("kind"));
        Assert.InRange(task.Time("completed_at") - task.Time("started_at"), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5) + TargetHost.PlatformTime);
    }

    [Fact]
    public async Task B5_TimeoutOfASingleTask_BoundsEachAttempt()
    {
        var launch = await Api.LaunchTaskAsync("sleep-30s", options: new { timeout = "300ms", max_retries = 1 });
        Assert.Equal("failed", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.Equal(2, task.GetProperty("attempt").GetInt32());
        Assert.Equal("timed_out", task.GetProperty("error").Text("kind"));
    }

    [Fact]
    public async Task B5_RunTimeout_EndsTheWholeRun()
    {
        var run = await Api.LaunchTasksAsync(
            new { timeout = "1s" },
            new { id = "a", agent = "sleep-30s", prompt = "x" },
            new { id = "b", agent = "sleep-30s", prompt = "x", needs = new[] { "a" } });
        var state = await Api.FinishAsync(run);
        Assert.Equal("failed", state.Status());
        Assert.Equal("timed_out", state.GetProperty("error").Text("kind"));
        Assert.InRange(state.Time("completed_at") - state.Time("created_at"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6) + TargetHost.PlatformTime);
        Assert.All(await Api.TasksAsync(run), task => Assert.True(task.IsTerminal(), task.GetRawText()));
    }

    [Fact]
    public async Task B5_TransientFailures_AreRetriedWithGrowingWaits()
    {
        var launch = await Api.LaunchTaskAsync("fail-twice", "in the end");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var task = (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json;
        Assert.Equal(3, task.GetProperty("attempt").GetInt32());
        Assert.Equal("succeeded: in the end", (await Api.ResultAsync(launch.Text("task_id"))).ToString());

        var waits = await WaitsAsync(launch.Text("workflow_id"));
        Assert.Equal(2, waits.Count);
        AssertAround(1, waits[0]);
        AssertAround(2, waits[1]);
    }

    [Fact]
    public async Task B5_FixedBackoff_IsFixed()
    {
        var launch = await Api.LaunchTaskAsync("fail-twice", options: new { retry_backoff = "fixed" });
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var waits = await WaitsAsync(launch.Text("workflow_id"));
        Assert.Equal(2, waits.Count);
        Assert.All(waits, wait => AssertAround(1, wait));
    }

    [Fact]
    public async Task B5_Retrying_IsShownWithTheNextTime()
    {
        var launch = await Api.LaunchTaskAsync("fail-forever", options: new { max_retries = 5 });
        var task = await Api.UntilAsync($"tasks/{launch.Text("task_id")}/status", state => state.Status() == "retrying");
        Assert.True(task.Time("next_retry_at") > task.Time("started_at"));
        Assert.True(task.Has("error"));
        await Api.PostAsync($"workflows/{launch.Text("workflow_id")}/cancel");
        Assert.Equal("cancelled", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
    }

    [Fact]
    public async Task B5_RetryAfter_IsHonoured()
    {
        var launch = await Api.LaunchTaskAsync("rate-limited-once");
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var wait = Assert.Single(await WaitsAsync(launch.Text("workflow_id")));
        Assert.True(wait.Most >= 1, $"The next attempt was due {wait.Most} s after the first began.");
        Assert.Equal(2, (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task B5_PermanentFailure_IsNotRetried()
    {
        var launch = await Api.LaunchTaskAsync("fail-permanent");
        Assert.Equal("failed", (await Api.FinishAsync(launch.Text("workflow_id"))).Status());
        Assert.Equal(1, (await Api.GetAsync($"tasks/{launch.Text("task_id")}/status")).Json.GetProperty("attempt").GetInt32());
    }

    [Fact]
    public async Task B5_TimedOutAttempt_IsRetried()
    {
        var launch = await Api.LaunchTaskAsync("time-out-twice", "made it", new { retry_backoff = "fixed" });
        await Api.CompleteAsync(launch.Text("workflow_id"));
        Assert.Equal("succeeded: made it", (await Api.ResultAsync(launch.Text("task_id"))).ToString());
    }

    /// <summary>
    /// Bounds of each wait in seconds. The failure itself came between the attempt's start and the event that tells of the retry, however
    /// slow the machine is.
    /// </summary>
    private async Task<IReadOnlyList<(double Least, double Most)>> WaitsAsync(string run)
    {
        var events = await Api.EventsAsync(run);
        var started = events.Where(one => one.Type == "task.started").Select(one => one.Data.Time("time"));
        return
        [
            .. events.Where(one => one.Type == "task.retrying").Zip(started, (one, start) =>
            {
                var next = one.Data.GetProperty("data").Time("next_retry_at");
                return ((next - one.Data.Time("time")).TotalSeconds, (next - start).TotalSeconds);
            }),
        ];
    }

    /// <summary>Within the jitter of 20 %.</summary>
    private static void AssertAround(double seconds, (double Least, double Most) wait)
    {
        Assert.True(wait.Most >= seconds * 0.8, $"Waited at most {wait.Most} s instead of about {seconds} s.");
        Assert.True(wait.Least <= seconds * 1.2, $"Waited at least {wait.Least} s instead of about {seconds} s.");
    }
}
