using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Durable;

namespace Troupe.Core.Tests.Runs;

/// <summary>Whoever may raise events or start orchestrations must not decide gates, stop a run from ending or borrow its rows.</summary>
public sealed class ForgedMessageTests
{
    [Theory]
    [InlineData("timer")]
    [InlineData("approved")]
    [InlineData("gate")]
    public async Task Gate_ForgedMessage_LeavesItToPeople(string kind)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(Gated());
        var gate = $"{run.Id}:p.gate";
        await harness.TimerAsync(gate);
        await RaiseAsync(harness, gate, new { id = "decided", kind, data = new { approved = true } });
        await UntilAsync(harness, gate, "TaskCompleted", 2);
        var decided = await harness.Get<GateDecisions>().DecideAsync(gate, false, null, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(DecisionOutcome.Decided, decided.Outcome);
        Assert.Equal(FailureKinds.Rejected, (await harness.EndAsync(run.Id)).Error!.Kind);
        Assert.Empty(harness.Agents.Calls);
    }

    [Fact]
    public async Task Answer_ForgedBefore_KeepsNoRealOneOut()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        var task = await harness.UntilTaskAsync(run.Id, "task", static task => task.RequiresImplementation);
        await RaiseAsync(harness, task.Id, new { id = "answer", kind = "answer" });
        await RaiseAsync(harness, task.Id, new { id = "answer", kind = "nothing" });
        Assert.Equal(AnswerOutcome.Accepted, await harness.Get<TaskAnswers>().SupplyResultAsync(task.Id, "real", ResultType.Summary, RunHarness.Ann, CancellationToken.None));
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("real", await harness.ResultAsync(run.Id, "task"));
    }

    [Fact]
    public async Task Cancel_IdTakenByAnotherMessage_IsObeyed()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        var task = await harness.UntilTaskAsync(run.Id, "task", static task => task.RequiresImplementation);
        await RaiseAsync(harness, run.Id, new { id = "cancel", kind = "nothing" });
        await RaiseAsync(harness, task.Id, new { id = "cancel", kind = "nothing" });
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task BackOff_ForgedTimer_WaitsOn()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => ScriptedAgents.Transient()));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { MaxRetries = 1 } });
        await harness.TimerAsync($"{run.Id}:task");
        await RaiseAsync(harness, $"{run.Id}:task", new { id = "t", kind = "timer" });
        await UntilAsync(harness, $"{run.Id}:task", "EventRaised", 1);
        Assert.Single(harness.Agents.Calls);
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(WorkStatus.Failed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(2, harness.Agents.Calls.Count);
    }

    [Fact]
    public async Task Permits_Forged_NeitherBreakNorHoldUpTheRun()
    {
        using var gate = new SemaphoreSlim(0);
        await using var harness = await RunHarness.StartAsync(agents => agents.On("x", async (_, cancellation) =>
        {
            await gate.WaitAsync(cancellation);
            return ScriptedAgents.Answer("done");
        }));
        var run = await harness.LaunchAsync(new BatchLaunch
        {
            Tasks = [.. Enumerable.Range(0, 401).Select(static _ => new TaskLaunch { Agent = "x", Prompt = "p" })],
            Options = new RunOptions { MaxConcurrency = 4 },
        });
        await harness.CallsAsync(4);
        var part = $"{run.Id}:1.p0";
        await RaiseAsync(harness, part, new { id = "1", kind = "permits", data = -1_000 });
        await RaiseAsync(harness, part, new { id = "2", kind = "permits", data = "junk" });
        await RaiseAsync(harness, run.Id, new { id = "3", kind = "permits", data = "junk" });
        await RaiseAsync(harness, run.Id, new { id = "4", kind = "permits", data = new { part_id = part, count = -1_000 } });
        await RaiseAsync(harness, run.Id, new { id = "5", kind = "permits", data = new { part_id = part, count = int.MaxValue } });
        await RaiseAsync(harness, run.Id, 7);
        gate.Release(401);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(401, harness.Agents.Calls.Count);
    }

    [Theory]
    [InlineData(nameof(TaskOrchestrator))]
    [InlineData(nameof(GateOrchestrator))]
    [InlineData(nameof(PartOrchestrator))]
    public async Task Start_ChildFromOutside_IsRefused(string name)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { StartAfter = TimeSpan.FromHours(1) } });
        object input = name switch
        {
            nameof(TaskOrchestrator) => new TaskInput(run.Id, "task", null, run.Plan),
            nameof(GateOrchestrator) => new GateInput(run.Id, "p.gate", "Ship?", new GateDefinition { Type = GateType.Approval }),
            _ => new PartInput(run.Id, run.Id, run.Plan, [new WorkUnit("task", null)], 1),
        };
        var ended = await StartAsync(harness, name, input);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
        Assert.Contains("started by runs only", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(harness.Agents.Calls);
        Assert.Null(await harness.Get<IGateStore>().GetAsync($"{run.Id}:p.gate", CancellationToken.None));
        Assert.Equal(WorkStatus.Queued, (await harness.Runs.GetTaskAsync($"{run.Id}:task", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Start_RunUnderAnotherId_IsRefused()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { StartAfter = TimeSpan.FromHours(1) } });
        var ended = await StartAsync(harness, nameof(WorkflowOrchestrator), new RunInput(run.Id));
        Assert.Contains($"is not the run '{run.Id}'", ended.SerializedOutput, StringComparison.Ordinal);
        Assert.Empty(harness.Agents.Calls);
    }

    [Fact]
    public async Task Launch_MetadataAsDeepAsBodiesMayBe_IsKept()
    {
        await using var harness = await RunHarness.StartAsync();
        var deep = JsonDocument.Parse(new string('[', 62) + new string(']', 62)).RootElement;
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { Metadata = new Dictionary<string, JsonElement> { ["a"] = deep } } });
        Assert.Equal(deep.GetRawText(), (await harness.EndAsync(run.Id)).Options.Metadata["a"].GetRawText());
        Assert.Contains("[[[[", JsonSerializer.Serialize(run, Core.Json.TroupeJson.Options), StringComparison.Ordinal);
    }

    private static object Gated() => new
    {
        name = "gated",
        phases = new object[]
        {
            new
            {
                id = "p",
                gate = new { approval = new { title = "Ship?", timeout = "1d", on_timeout = "approve" } },
                tasks = new[] { new { id = "a", agent = "x", prompt = "1" } },
            },
        },
    };

    private static Task RaiseAsync(RunHarness harness, string instanceId, object message) =>
        harness.Client.RaiseEventAsync(instanceId, "inbox", message);

    private static async Task<OrchestrationMetadata> StartAsync(RunHarness harness, string name, object input)
    {
        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync(name, input);
        return await harness.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
    }

    private static async Task UntilAsync(RunHarness harness, string instanceId, string eventType, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await harness.Client.GetHistoryAsync(instanceId, patience.Token)).Count(told => told.EventType == eventType) < count)
            await Task.Yield();
    }
}
