namespace Troupe.Acceptance.Workflows;

public sealed class B2_ConcurrencyTests : AcceptanceTest
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 6)]
    public async Task B2_Limit_IsReachedAndNeverExceeded(int limit, int tasks)
    {
        var run = await Api.LaunchTasksAsync(new { max_concurrency = limit }, Tasks(tasks, TargetHost.SleepingAgent));
        await Api.CompleteAsync(run);
        Assert.Equal(limit, Peak(await Api.EventsAsync(run)));
    }

    [Fact]
    public async Task B2_Default_IsTen()
    {
        var run = await Api.LaunchTasksAsync(null, Tasks(15, TargetHost.SleepingAgent));
        await Api.CompleteAsync(run);
        Assert.Equal(10, Peak(await Api.EventsAsync(run)));
    }

    [Fact]
    public async Task B2_Window_StartsTheNextTaskAsSoonAsOneIsDone()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_concurrency = 2 },
            new { id = "long", agent = TargetHost.SlowAgent, prompt = "x" },
            new { id = "a", agent = "instant", prompt = "x" },
            new { id = "b", agent = "instant", prompt = "x" },
            new { id = "c", agent = "instant", prompt = "x" });
        await Api.CompleteAsync(run);
        Assert.True((await Api.TaskAsync(run, "c")).Time("completed_at") < (await Api.TaskAsync(run, "long")).Time("completed_at"));
    }

    [Fact]
    public async Task B2_Results_ComeInTheOrderOfDefinition()
    {
        var run = await Api.LaunchTasksAsync(
            null,
            new { id = "zulu", agent = "sleep-1s", prompt = "first" },
            new { id = "alpha", agent = "instant", prompt = "second" },
            new { id = "mike", agent = "jittered", prompt = "third" });
        await Api.CompleteAsync(run);
        Assert.Equal(["zulu", "alpha", "mike"], (await Api.TasksAsync(run)).Select(task => task.Text("key")));
    }

    [Fact]
    public async Task B2_FailingTask_LosesNoSibling()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_retries = 0 },
            new { id = "bad", agent = "fail-permanent", prompt = "x" },
            new { id = "slow", agent = "sleep-1s", prompt = "kept" },
            new { id = "fast", agent = "echo", prompt = "kept too" });
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());
        Assert.Equal("slept 1s: kept", await Api.ResultTextAsync(run, "slow"));
        Assert.Equal("kept too", await Api.ResultTextAsync(run, "fast"));
    }

    [Fact]
    public async Task B2_WhatNeedsAFailedTask_IsSkipped()
    {
        var run = await Api.LaunchTasksAsync(
            new { max_retries = 0 },
            new { id = "bad", agent = "fail-permanent", prompt = "x" },
            new { id = "after", agent = "echo", prompt = "x", needs = new[] { "bad" } },
            new { id = "last", agent = "echo", prompt = "x", needs = new[] { "after" } });
        Assert.Equal("failed", (await Api.FinishAsync(run)).Status());
        Assert.Equal("skipped", (await Api.TaskAsync(run, "after")).Status());
        Assert.Equal("skipped", (await Api.TaskAsync(run, "last")).Status());
    }

    private static object[] Tasks(int count, string agent) =>
        [.. Enumerable.Range(0, count).Select(i => (object)new { id = $"t{i}", agent, prompt = $"{i}" })];

    private static int Peak(IEnumerable<ServerSentEvent> events)
    {
        int going = 0, peak = 0;
        foreach (var one in events)
        {
            going += one.Type switch { "task.started" => 1, "task.completed" => -1, _ => 0 };
            peak = Math.Max(peak, going);
        }

        return peak;
    }
}
