using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Runs;

public sealed class WorkflowRunTests
{
    [Fact]
    public async Task Run_TwoPhases_PassesResultsOnAndTellsEverything()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(
            new
            {
                name = "two",
                inputs = new { topic = new { type = "string", required = true } },
                phases = new object[]
                {
                    new { id = "first", milestone = "Topic known", tasks = new[] { new { id = "a", agent = "x", prompt = "about {{inputs.topic}}" } } },
                    new { id = "second", after = new[] { "first" }, tasks = new[] { new { id = "b", agent = "y", prompt = "<{{tasks.a.result}}>" } } },
                },
            },
            new { topic = "R&D" });
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Completed, ended.Status);
        Assert.Equal("y: <x: about R&D>", await harness.ResultAsync(run.Id, "b"));
        Assert.Equal(
            [
                EventTypes.RunQueued, EventTypes.RunStarted, EventTypes.PhaseStarted, EventTypes.TaskStarted, EventTypes.TaskCompleted,
                EventTypes.PhaseCompleted, EventTypes.MilestoneReached, EventTypes.PhaseStarted, EventTypes.TaskStarted, EventTypes.TaskCompleted, EventTypes.PhaseCompleted, EventTypes.RunCompleted,
            ],
            await harness.EventTypesAsync(run.Id));
        Assert.All(ended.Phases, static phase => Assert.Equal(WorkStatus.Completed, phase.Status));
        Assert.Equal(new Usage(20, 10, 0.02m), ended.Usage);
        Assert.Equal(100, (await harness.Get<RunViews>().GetAsync(run.Id, CancellationToken.None))!.Progress.Percent);
    }

    [Fact]
    public async Task Run_OneTaskFails_KeepsItsSiblingsAndSkipsWhatNeedsIt()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("bad", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.ContentFilter, "refused"))));
        var run = await harness.LaunchAsync(new
        {
            name = "mixed",
            phases = new object[]
            {
                new { id = "p", tasks = new object[] { new { id = "good", agent = "x", prompt = "1" }, new { id = "bad", agent = "bad", prompt = "2" }, new { id = "next", agent = "x", prompt = "3", needs = new[] { "bad" } } } },
                new { id = "q", after = new[] { "p" }, tasks = new[] { new { id = "late", agent = "x", prompt = "4" } } },
            },
        });
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Failed, ended.Status);
        Assert.Equal(FailureKinds.ContentFilter, ended.Error!.Kind);
        var tasks = await harness.TasksAsync(run.Id);
        Assert.Equal([WorkStatus.Completed, WorkStatus.Failed, WorkStatus.Skipped, WorkStatus.Skipped], tasks.Select(static task => task.Status));
        Assert.Contains("'bad'", tasks[2].Error!.Message, StringComparison.Ordinal);
        Assert.Equal([WorkStatus.Failed, WorkStatus.Skipped], ended.Phases.Select(static phase => phase.Status));
    }

    [Fact]
    public async Task Run_MaxConcurrency_IsAWindowNeverExceeded()
    {
        var gate = new SemaphoreSlim(0);
        await using var harness = await RunHarness.StartAsync(agents => agents.On("slow", async (_, cancellation) =>
        {
            await gate.WaitAsync(cancellation);
            return ScriptedAgents.Answer("done");
        }));
        var run = await harness.LaunchAsync(new BatchLaunch
        {
            Tasks = [.. Enumerable.Range(0, 12).Select(static index => new TaskLaunch { Agent = "slow", Prompt = $"{index}" })],
            Options = new RunOptions { MaxConcurrency = 4 },
        });
        await harness.CallsAsync(4);
        Assert.Equal(WorkStatus.Queued, (await harness.Runs.GetTaskAsync($"{run.Id}:5", CancellationToken.None))!.Status);
        gate.Release();
        await harness.UntilTaskAsync(run.Id, "5", static task => task.Status == WorkStatus.Running);
        gate.Release(11);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(4, harness.Agents.MostRunning);
    }

    [Fact]
    public async Task Run_ThousandTasks_GoesThroughPartsWithinItsLimit()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new BatchLaunch
        {
            Tasks = [.. Enumerable.Range(0, 1_000).Select(static index => new TaskLaunch { Agent = index == 700 ? "unlucky" : "x", Prompt = $"{index}" })],
            Options = new RunOptions { MaxConcurrency = 37 },
        });
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Completed, ended.Status);
        var tasks = await harness.TasksAsync(run.Id);
        Assert.Equal(1_000, tasks.Count);
        Assert.All(tasks, static task => Assert.Equal(WorkStatus.Completed, task.Status));
        Assert.Equal("x: 999", await harness.ResultAsync(run.Id, "1000"));
        Assert.InRange(harness.Agents.MostRunning, 1, 37);
        Assert.NotNull(await harness.Client.GetInstanceAsync($"{run.Id}:1.p0"));
    }

    [Fact]
    public async Task Run_ForEach_RunsOneTaskPerItemAndCollectsInOrder()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("lister", static _ => ScriptedAgents.Answer("""["a","b","c"]""")));
        var run = await harness.LaunchAsync(new
        {
            name = "each",
            phases = new object[]
            {
                new
                {
                    id = "p",
                    tasks = new object[]
                    {
                        new { id = "list", agent = "lister", prompt = "go" },
                        new { id = "each", agent = "x", prompt = "{{index}}={{item}}", for_each = "tasks.list.result", needs = new[] { "list" } },
                        new { id = "sum", agent = "y", prompt = "{{tasks.each.result}}", needs = new[] { "each" } },
                    },
                },
            },
        });
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("""["x: 0=a","x: 1=b","x: 2=c"]""", await harness.ResultAsync(run.Id, "each"));
        Assert.Equal(["list", "each", "each.0", "each.1", "each.2", "sum"], (await harness.TasksAsync(run.Id)).Select(static task => task.Key));
        Assert.Equal(1, (await harness.Runs.GetTotalsAsync(run.Id, CancellationToken.None)).DoneWeight, 6);
    }

    [Fact]
    public async Task Run_WhenIsFalse_SkipsTheTaskAndGoesOn()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new
        {
            name = "when",
            inputs = new { deep = new { type = "boolean", @default = false } },
            phases = new object[]
            {
                new { id = "p", tasks = new object[] { new { id = "deep", agent = "x", prompt = "1", when = "{{inputs.deep}}" }, new { id = "rest", agent = "x", prompt = "2", needs = new[] { "deep" } } } },
            },
        });
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal([WorkStatus.Skipped, WorkStatus.Completed], (await harness.TasksAsync(run.Id)).Select(static task => task.Status));
    }

    [Fact]
    public async Task Run_BudgetIsSpent_StopsAndSaysHowToGoOn()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new BatchLaunch
        {
            Tasks = [.. Enumerable.Range(0, 6).Select(static index => new TaskLaunch { Agent = "x", Prompt = $"{index}" })],
            Options = new RunOptions { MaxConcurrency = 1, Budget = new Budget(Tokens: 40) },
        });
        var ended = await harness.EndAsync(run.Id);
        Assert.Equal(FailureKinds.BudgetExceeded, ended.Error!.Kind);
        Assert.Equal(3, (await harness.TasksAsync(run.Id)).Count(static task => task.Status == WorkStatus.Completed));
        Assert.Equal(3, harness.Agents.Calls.Count);
    }

    [Fact]
    public async Task Launch_UnknownAgent_IsRefusedWithNothingStarted()
    {
        await using var harness = await RunHarness.StartAsync();
        var result = await harness.Get<RunLauncher>().LaunchAsync(new TaskLaunch { Agent = "unknown-x", Prompt = "p", Id = "mine" }, RunHarness.Ann, null, CancellationToken.None);
        Assert.Equal(LaunchOutcome.Invalid, result.Outcome);
        Assert.Contains(result.Problems, static problem => problem.Pointer == "/agent");
        Assert.Null(await harness.Runs.GetRunAsync("mine", CancellationToken.None));
    }

    [Fact]
    public async Task Launch_OnCompletionLaunch_StartsTheNextRunOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch
        {
            Agent = "x",
            Prompt = "first",
            Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Launch, Agent = "y", Prompt = "after {{result}}" } },
        });
        await harness.EndAsync(run.Id);
        await harness.FollowedAsync();
        var next = Assert.Single((await harness.Runs.ListRunsAsync(new RunQuery(), CancellationToken.None)).Items, other => other.Id != run.Id);
        await harness.EndAsync(next.Id);
        Assert.Equal("y: after x: first", await harness.ResultAsync(next.Id, "task"));
    }

    [Fact]
    public async Task Launch_OnCompletionLaunchForEver_Ends()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch
        {
            Agent = "x",
            Prompt = "again",
            Options = new RunOptions { OnCompletion = new OnCompletion { Action = CompletionAction.Launch, Agent = "x", Prompt = "again" } },
        });
        await harness.EndAsync(run.Id);
        await harness.FollowedAsync();
        var told = (await harness.Get<IEventLog>().ReadAsync(run.Id, 0, 100, CancellationToken.None))[^1];
        var before = (await harness.Runs.ListRunsAsync(new RunQuery(), CancellationToken.None)).Items.Count;
        await harness.Runs.UpdateRunAsync(run.Id, new Change<RunRecord>(static stored => stored with { Generation = FollowUps.MaxGeneration }), CancellationToken.None);

        await harness.Activity<FollowUps>().TakeAsync(told, CancellationToken.None);

        Assert.Equal((2, before), (before, (await harness.Runs.ListRunsAsync(new RunQuery(), CancellationToken.None)).Items.Count));
    }
}
