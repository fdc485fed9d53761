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
        Assert.InRange(task.Time("completed_at") - task.Time("started_at"), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));
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
        Assert.InRange(state.Time("completed_at") - state.Time("created_at"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
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

        var waits = (await Api.EventsAsync(launch.Text("workflow_id"))).Where(one => one.Type == "task.retrying")
            .Select(one => one.Data.GetProperty("data").Time("next_retry_at") - one.Data.Time("time")).ToList();
        Assert.Equal(2, waits.Count);
        Assert.InRange(waits[0].TotalSeconds, 0.6, 1.3);
        Assert.InRange(waits[1].TotalSeconds, 1.4, 2.5);
    }

    [Fact]
    public async Task B5_FixedBackoff_IsFixed()
    {
        var launch = await Api.LaunchTaskAsync("fail-twice", options: new { retry_backoff = "fixed" });
        await Api.CompleteAsync(launch.Text("workflow_id"));
        var waits = (await Api.EventsAsync(launch.Text("workflow_id"))).Where(one => one.Type == "task.retrying")
            .Select(one => (one.Data.GetProperty("data").Time("next_retry_at") - one.Data.Time("time")).TotalSeconds);
        Assert.All(waits, wait => Assert.InRange(wait, 0.6, 1.3));
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
        var events = await Api.EventsAsync(launch.Text("workflow_id"));
        var retrying = events.Single(one => one.Type == "task.retrying");
        Assert.True(retrying.Data.GetProperty("data").Time("next_retry_at") - retrying.Data.Time("time") >= TimeSpan.FromSeconds(0.9));
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
}
