using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Runs;

public sealed class ControlTests
{
    [Fact]
    public async Task Cancel_RunningAgents_EndsThemAndTheRest()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("slow", static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        }));
        var run = await harness.LaunchAsync(Batch(5, 2));
        await harness.UntilTaskAsync(run.Id, "2", static task => task.Status == WorkStatus.Running);
        var result = await harness.Get<RunControl>().CancelAsync(run.Id, "enough", RunHarness.Ann, CancellationToken.None);
        Assert.Equal(ControlOutcome.Done, result.Outcome);
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Cancelled, ended.Status);
        Assert.Equal("enough", ended.CancelReason);
        Assert.All(await harness.TasksAsync(run.Id), static task => Assert.Equal(WorkStatus.Cancelled, task.Status));
        Assert.Equal(ControlOutcome.Ended, (await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Cancel_WhileRetrying_EndsAtOnce()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => ScriptedAgents.Transient()));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Retrying);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
        Assert.Single(harness.Agents.Calls);
    }

    [Fact]
    public async Task Pause_StartsNothingNewUntilResumed()
    {
        var gate = new SemaphoreSlim(0);
        await using var harness = await RunHarness.StartAsync(agents => agents.On("slow", async (_, cancellation) =>
        {
            await gate.WaitAsync(cancellation);
            return ScriptedAgents.Answer("done");
        }));
        var run = await harness.LaunchAsync(Batch(3, 1));
        await harness.UntilTaskAsync(run.Id, "1", static task => task.Status == WorkStatus.Running);
        await harness.Get<RunControl>().PauseAsync(run.Id, RunHarness.Ann, CancellationToken.None);
        await harness.UntilAsync(run.Id, static run => run.Status == WorkStatus.Paused);
        gate.Release(3);
        await harness.UntilTaskAsync(run.Id, "1", static task => task.Status == WorkStatus.Completed);
        await harness.Client.WaitForInstanceCompletionAsync($"{run.Id}:1");
        Assert.Equal(WorkStatus.Queued, (await harness.Runs.GetTaskAsync($"{run.Id}:2", CancellationToken.None))!.Status);
        await harness.Get<RunControl>().ResumeAsync(run.Id, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Contains(EventTypes.RunResumed, await harness.EventTypesAsync(run.Id));
    }

    [Fact]
    public async Task StartAfter_HoldsTheRunUntilItsTime()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { StartAfter = TimeSpan.FromHours(3) } });
        await harness.UntilAsync(run.Id, static run => run.Status == WorkStatus.Waiting);
        await harness.TimerAsync(run.Id);
        harness.Time.Advance(TimeSpan.FromHours(3) - TimeSpan.FromSeconds(1));
        Assert.Empty(harness.Agents.Calls);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Rerun_FromFailed_ReusesWhatIsFinished()
    {
        var broken = true;
        await using var harness = await RunHarness.StartAsync(agents => agents.On("flaky", request =>
            broken ? Agents.AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no")) : ScriptedAgents.Answer("fixed")));
        var first = await harness.LaunchAsync(new
        {
            name = "two",
            phases = new object[] { new { id = "p", tasks = new object[] { new { id = "a", agent = "x", prompt = "1" }, new { id = "b", agent = "flaky", prompt = "{{tasks.a.result}}", needs = new[] { "a" } } } } },
        });
        Assert.Equal(WorkStatus.Failed, (await harness.EndAsync(first.Id)).Status);
        broken = false;
        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("failed"), RunHarness.Ann, CancellationToken.None);
        var ended = await harness.EndAsync(again!.Run!.Id);
        Assert.Equal(WorkStatus.Completed, ended.Status);
        Assert.Equal(first.Id, ended.ForkedFrom);
        Assert.Equal("fixed", await harness.ResultAsync(ended.Id, "b"));
        Assert.Equal($"{first.Id}:a", (await harness.TasksAsync(ended.Id))[0].ReusedFrom);
        Assert.Equal(1, harness.Agents.Calls.Count(static call => call.Agent.Name == "x"));
        var nothing = await harness.Get<RunControl>().RerunAsync(ended.Id, new RerunRequest("failed"), RunHarness.Ann, CancellationToken.None);
        Assert.Equal(LaunchOutcome.Invalid, nothing!.Outcome);
    }

    [Fact]
    public async Task Rerun_FromATask_RunsItAndWhatDependsOnIt()
    {
        await using var harness = await RunHarness.StartAsync();
        var first = await harness.LaunchAsync(new
        {
            name = "chain",
            phases = new object[]
            {
                new { id = "p", tasks = new object[] { new { id = "a", agent = "x", prompt = "1" }, new { id = "side", agent = "x", prompt = "s" } } },
                new { id = "q", after = new[] { "p" }, tasks = new object[] { new { id = "b", agent = "x", prompt = "{{tasks.a.result}}" } } },
            },
        });
        await harness.EndAsync(first.Id);
        var overrides = new RerunOverrides { Prompts = new Dictionary<string, string> { ["a"] = "new" }, Agents = new Dictionary<string, string> { ["b"] = "y" } };
        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("a", overrides), RunHarness.Ann, CancellationToken.None);
        await harness.EndAsync(again!.Run!.Id);
        Assert.Equal("y: x: new", await harness.ResultAsync(again.Run.Id, "b"));
        Assert.Equal(1, harness.Agents.Calls.Count(static call => call.Messages[0].Text == "s"));
        var unknown = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("zzz"), RunHarness.Ann, CancellationToken.None);
        Assert.Contains("a, side, b", Assert.Single(unknown!.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeper_TerminatedFromOutside_ClosesTheRows()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("slow", static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        }));
        var run = await harness.LaunchAsync(Batch(2, 1));
        await harness.UntilTaskAsync(run.Id, "1", static task => task.Status == WorkStatus.Running);
        await harness.Client.TerminateInstanceAsync(run.Id, "by hand");
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
        Assert.All(await harness.TasksAsync(run.Id), static task => Assert.Equal(WorkStatus.Cancelled, task.Status));
    }

    [Fact]
    public async Task Keeper_PurgedWhileItsRowWasOpen_ClosesTheRowAndStartsNothing()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Running);
        await harness.Client.TerminateInstanceAsync(run.Id, "by hand");
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        await harness.Client.PurgeInstanceAsync(run.Id);

        await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);

        var closed = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Cancelled, closed.Status);
        Assert.Contains("purged", closed.Error!.Message, StringComparison.Ordinal);
        Assert.Null(await harness.Client.GetInstanceAsync(run.Id));
    }

    [Fact]
    public async Task Keeper_RowWithoutOrchestration_IsStarted()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        var done = await harness.EndAsync(run.Id);
        var orphan = done with { Id = "orphan", Status = WorkStatus.Queued, Revision = 0, CompletedAt = null };
        var task = (await harness.TasksAsync(run.Id))[0] with { Id = "orphan:task", RunId = "orphan", Status = WorkStatus.Queued, Revision = 0 };
        await harness.Runs.TryCreateAsync(new NewRun(orphan, [task], []), CancellationToken.None);
        await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync("orphan")).Status);
    }

    [Fact]
    public async Task Keeper_PausedBeforeItsStart_IsRemindedOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { StartAfter = TimeSpan.FromDays(30) } });
        await harness.UntilAsync(run.Id, static one => one.Status == WorkStatus.Waiting);
        await harness.TimerAsync(run.Id);
        await harness.Get<RunControl>().PauseAsync(run.Id, RunHarness.Ann, CancellationToken.None);
        for (var pass = 0; pass < 3; pass++)
        {
            harness.Time.Advance(TimeSpan.FromMinutes(1));
            await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);
        }

        harness.Time.Advance(TimeSpan.FromDays(30));
        await harness.UntilAsync(run.Id, static run => run.Status == WorkStatus.Paused);
        Assert.Equal(2, (await harness.Client.GetHistoryAsync(run.Id)).Count(static told => told.EventType == "EventRaised"));
    }

    [Fact]
    public async Task Rerun_OtherOptions_ReachTheTasksThatHadNoneOfTheirOwn()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => ScriptedAgents.Transient()));
        var first = await harness.LaunchAsync(
            new { name = "w", phases = new object[] { new { id = "p", tasks = new object[] { new { id = "a", agent = "x", prompt = "p" }, new { id = "b", agent = "x", prompt = "p", max_retries = 0, on_failure = "continue" } } } } },
            options: new RunOptions { MaxRetries = 0 });
        await harness.EndAsync(first.Id);
        var overrides = new RerunOverrides { Options = new RunOptions { MaxRetries = 2, OnFailure = OnFailure.Continue, Priority = Priority.High } };

        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("failed", overrides), RunHarness.Ann, CancellationToken.None);

        var plan = await harness.Get<PlanCache>().GetAsync(again!.Run!.Plan, CancellationToken.None);
        var (a, b) = (plan.Nodes[0].Task!.Options, plan.Nodes[1].Task!.Options);
        Assert.Equal((2, OnFailure.Continue, Priority.High), (a.MaxRetries, a.OnFailure, a.Priority));
        Assert.Equal((OnFailure.Continue, Priority.High), (b.OnFailure, b.Priority));
    }

    [Fact]
    public async Task Rerun_OtherTimeoutOfASingleTask_IsItsTasks()
    {
        await using var harness = await RunHarness.StartAsync();
        var first = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { Timeout = TimeSpan.FromSeconds(5) } });
        await harness.EndAsync(first.Id);
        var overrides = new RerunOverrides { Options = new RunOptions { Timeout = TimeSpan.FromHours(2) } };

        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("task", overrides), RunHarness.Ann, CancellationToken.None);

        var plan = await harness.Get<PlanCache>().GetAsync(again!.Run!.Plan, CancellationToken.None);
        Assert.Equal(TimeSpan.FromHours(2), plan.Nodes[0].Task!.Options.Timeout);
    }

    [Fact]
    public async Task Rerun_StartAfter_CountsFromTheRerun()
    {
        await using var harness = await RunHarness.StartAsync();
        var first = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.EndAsync(first.Id);
        var overrides = new RerunOverrides { Options = new RunOptions { StartAfter = TimeSpan.FromHours(3) } };
        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest("task", overrides), RunHarness.Ann, CancellationToken.None);
        Assert.Equal(harness.Time.GetUtcNow().AddHours(3), again!.Run!.StartAt);
    }

    [Theory]
    [InlineData("failed", null, 1)]
    [InlineData("each", null, 2)]
    [InlineData("list", null, 2)]
    [InlineData("failed", "other", 2)]
    public async Task Rerun_ForEachThatFailedInPart_KeepsItemsOnlyOfTheSameList(string from, string? topic, int asked)
    {
        var broken = true;
        await using var harness = await RunHarness.StartAsync(agents => agents
            .On("lister", static _ => ScriptedAgents.Answer("""["a","b"]"""))
            .On("flaky", request => broken && request.Messages[0].Text == "b" ? Agents.AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no")) : ScriptedAgents.Answer("ok")));
        var tasks = new object[]
        {
            new { id = "list", agent = "lister", prompt = "list" },
            new { id = "each", agent = "flaky", prompt = "{{item}}", for_each = "tasks.list.result", needs = new[] { "list" } },
        };
        var inputs = new { topic = new { type = "string", @default = "some" } };
        var first = await harness.LaunchAsync(new { name = "items", inputs, phases = new object[] { new { id = "p", tasks } } });
        Assert.Equal(WorkStatus.Failed, (await harness.EndAsync(first.Id)).Status);
        broken = false;
        var before = Asked();
        var overrides = topic is null ? null : new RerunOverrides { Inputs = System.Text.Json.JsonSerializer.SerializeToElement(new { topic }) };
        var again = await harness.Get<RunControl>().RerunAsync(first.Id, new RerunRequest(from, overrides), RunHarness.Ann, CancellationToken.None);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(again!.Run!.Id)).Status);
        Assert.Equal(asked, Asked() - before);
        Assert.Equal("""["ok","ok"]""", await harness.ResultAsync(again.Run.Id, "each"));

        int Asked() => harness.Agents.Calls.Count(static call => call.Agent.Name == "flaky");
    }

    private static BatchLaunch Batch(int tasks, int limit) => new()
    {
        Tasks = [.. Enumerable.Range(0, tasks).Select(static index => new TaskLaunch { Agent = "slow", Prompt = $"{index}" })],
        Options = new RunOptions { MaxConcurrency = limit },
    };
}
