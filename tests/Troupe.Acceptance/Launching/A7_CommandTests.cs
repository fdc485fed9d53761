namespace Troupe.Acceptance.Launching;

public sealed class A7_CommandTests : AcceptanceTest
{
    [Fact]
    public async Task A7_Cancel_CascadesToEveryTask()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_concurrency = 2 },
            [.. Enumerable.Range(0, 6).Select(i => (object)new { id = $"t{i}", agent = "sleep-30s", prompt = "x" })]);
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "running");
        (await Api.PostAsync($"workflows/{run}/cancel")).ExpectSuccess();
        await Api.FinishAsync(run);
        Assert.All(await Api.TasksAsync(run), task => Assert.Equal("cancelled", task.Status()));
    }

    [Fact]
    public async Task A7_Cancel_OfAFinishedRunIsAConflict()
    {
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await Api.CompleteAsync(run);
        (await Api.PostAsync($"workflows/{run}/cancel")).ExpectProblem(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("rerun")]
    public async Task A7_Command_ToAnUnknownRunIs404(string command) =>
        (await Api.PostAsync($"workflows/no-such-run/{command}")).ExpectProblem(HttpStatusCode.NotFound);

    [Fact]
    public async Task A7_Pause_StopsNewTasksUntilResumed()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_concurrency = 1 },
            new { id = "one", agent = "sleep-3s", prompt = "x" },
            new { id = "two", agent = "instant", prompt = "x" });
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "running");
        (await Api.PostAsync($"workflows/{run}/pause")).ExpectSuccess();
        var paused = await Api.UntilAsync($"workflows/{run}", state => state.Status() == "paused");
        Assert.Equal("paused", paused.Status());

        await Eventually.SomeAsync(async () => (await Api.TaskAsync(run, "one")).Status() == "completed" ? "done" : null);
        Assert.False((await Api.TaskAsync(run, "two")).Has("started_at"));

        (await Api.PostAsync($"workflows/{run}/resume")).ExpectSuccess();
        await Api.CompleteAsync(run);
        Assert.Equal("completed", (await Api.TaskAsync(run, "two")).Status());
    }

    [Fact]
    public async Task A7_PausedRun_CanBeCancelled()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_concurrency = 1 },
            new { id = "one", agent = "sleep-3s", prompt = "x" },
            new { id = "two", agent = "instant", prompt = "x" });
        (await Api.PostAsync($"workflows/{run}/pause")).ExpectSuccess();
        await Api.UntilAsync($"workflows/{run}", state => state.Status() == "paused");
        (await Api.PostAsync($"workflows/{run}/cancel")).ExpectSuccess();
        Assert.Equal("cancelled", (await Api.FinishAsync(run)).Status());
    }
}
