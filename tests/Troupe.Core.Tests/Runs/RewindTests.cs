using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Core.Tests.Support;
using Troupe.Durable;
using Troupe.Testing;

namespace Troupe.Core.Tests.Runs;

/// <summary>The rows of runs whose orchestrations break and are rewound.</summary>
public sealed class RewindTests
{
    [Fact]
    public async Task Keeper_ClosedTheRowsOfAFailedOrchestration_TheyFollowItsRewind()
    {
        var broken = false;
        await using var harness = await RunHarness.StartAsync(
            agents => agents.On("last", _ =>
            {
                broken = true;
                return ScriptedAgents.Answer("done");
            }),
            replace: services => Watched<IRunStore>.Replace(services, member =>
            {
                if (broken && member == nameof(IRunStore.UpdateRunAsync)) throw new InvalidDataException("The row is broken.");
            }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "last", Prompt = "p" });
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        broken = false;
        await harness.Get<Keeper>().FullPassAsync(CancellationToken.None);
        var closed = await harness.EndAsync(run.Id);
        Assert.Equal(WorkStatus.Failed, closed.Status);
        Assert.NotNull(closed.Error);

        await harness.Client.RewindInstanceAsync(run.Id, "mended");

        var ended = await harness.UntilAsync(run.Id, static run => run.Status == WorkStatus.Completed);
        Assert.Null(ended.Error);
        Assert.All(ended.Phases, static phase => Assert.Equal(WorkStatus.Completed, phase.Status));
        Assert.Equal(["run.failed", "run.completed"], (await harness.EventTypesAsync(run.Id)).Where(static type => type is "run.failed" or "run.completed"));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Running, WorkStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Pending, WorkStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Failed, WorkStatus.Failed)]
    public async Task Reopen_RowOfAFailedRun_IsOpenWhereItsOrchestrationGoesOn(OrchestrationRuntimeStatus instance, WorkStatus expected)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await AddAsync(harness, WorkStatus.Failed);
        var control = harness.Activity<RunControl>(WatchedClient.Of(harness.Client, Found(instance)));

        await control.ReopenAsync(RunIds.Child(run.Id, "task"), CancellationToken.None);

        var row = (await harness.Runs.GetRunAsync(run.Id, CancellationToken.None))!;
        Assert.Equal(expected, row.Status);
        Assert.Equal(expected == WorkStatus.Failed, row.CompletedAt is not null);
        Assert.Equal(expected == WorkStatus.Failed ? WorkStatus.Cancelled : WorkStatus.Running, Assert.Single(row.Phases).Status);
        var cancelled = await control.CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(expected == WorkStatus.Failed ? ControlOutcome.Ended : ControlOutcome.Done, cancelled.Outcome);
    }

    [Fact]
    public async Task Keeper_RewoundBetweenItsLooks_LeavesTheRow()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await AddAsync(harness, WorkStatus.Running);

        await KeepAsync(harness, run.Id, Found(OrchestrationRuntimeStatus.Failed), Found(OrchestrationRuntimeStatus.Running));

        Assert.Equal(run, await harness.Runs.GetRunAsync(run.Id, CancellationToken.None));
        Assert.Empty(await harness.EventTypesAsync(run.Id));
    }

    [Fact]
    public async Task Keeper_RewoundWhileItClosesTheRow_OpensItAgain()
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await AddAsync(harness, WorkStatus.Running);
        var failed = Found(OrchestrationRuntimeStatus.Failed);

        await KeepAsync(harness, run.Id, failed, failed, Found(OrchestrationRuntimeStatus.Running));

        Assert.Equal(WorkStatus.Running, (await harness.Runs.GetRunAsync(run.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Keeper_RewoundWhileItClosesTheGate_LetsItBeDecided()
    {
        await using var harness = await RunHarness.StartAsync();
        var (run, gate) = await WaitAtGateAsync(harness);
        var failed = Found(OrchestrationRuntimeStatus.Failed);

        await KeepAsync(harness, run.Id, failed, failed);

        await DecideAsync(harness, gate);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Reopen_RunHasGoneOnSinceItsGateWasClosed_LetsItBeDecided()
    {
        await using var harness = await RunHarness.StartAsync();
        var (run, gate) = await WaitAtGateAsync(harness);
        await CloseAsync(harness, run.Id, WorkStatus.Failed, closedAfter: -1);

        await harness.Get<RunControl>().ReopenAsync(run.Id, CancellationToken.None);

        await DecideAsync(harness, gate);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Reopen_DecisionThatTheEndCountedAsTakenIn_IsToldAgain()
    {
        await using var harness = await RunHarness.StartAsync();
        var (run, gate) = await WaitAtGateAsync(harness);
        await GateClosing.DecideAsync(harness.Get<IGateStore>(), gate, new GateDecision("ann", true, null, harness.Time.GetUtcNow()), null, CancellationToken.None);
        await CloseAsync(harness, run.Id, WorkStatus.Failed, closedAfter: -1);
        Assert.True((await GateAsync(harness, gate)).Acknowledged);

        await harness.Get<RunControl>().ReopenAsync(run.Id, CancellationToken.None);
        await harness.Get<Keeper>().PassAsync(CancellationToken.None);

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        var row = await GateAsync(harness, gate);
        Assert.Equal((GateStatus.Approved, true, false), (row.Status, row.Acknowledged, row.ClosedWithRun));
    }

    [Theory]
    [InlineData(WorkStatus.Failed, GateStatus.Pending, WorkStatus.Waiting)]
    [InlineData(WorkStatus.Cancelled, GateStatus.Cancelled, WorkStatus.Cancelled)]
    public async Task Gate_ClosedWithItsRun_IsOpenToItsOrchestrationUnlessTheRunWasCancelled(WorkStatus run, GateStatus opened, WorkStatus settled)
    {
        await using var harness = await RunHarness.StartAsync();
        var row = await AddAsync(harness, run);
        var input = new GateInput(row.Id, "p.gate", "Ship?", new GateDefinition { Type = GateType.Approval });
        var context = new ActivityContext("gate", row.Id, CancellationToken.None);
        await harness.Activity<OpenGate>().RunAsync(context, input);

        await CloseAsync(harness, row.Id, run, closedAfter: 0);
        Assert.Equal(opened, await harness.Activity<OpenGate>().RunAsync(context, input));
        await CloseAsync(harness, row.Id, run, closedAfter: 0);
        Assert.Equal(settled, (await harness.Activity<SettleGate>().RunAsync(context, new GateSettlement(input, GateStatus.Pending))).Status);
        Assert.Equal(WorkStatus.Cancelled, (await harness.Activity<SettleGate>().RunAsync(context, new GateSettlement(input, GateStatus.Cancelled))).Status);
        Assert.False((await GateAsync(harness, $"{row.Id}:p.gate")).ClosedWithRun);
    }

    [Theory]
    [InlineData(WorkStatus.Completed, 7)]
    [InlineData(WorkStatus.Completed, 6)]
    [InlineData(WorkStatus.Running, 6)]
    public async Task Close_RunHasGoneOnSinceItWasFoundFailed_IsLeftAsItIs(WorkStatus status, long closedAfter)
    {
        await using var harness = await RunHarness.StartAsync();
        var run = await AddAsync(harness, status);

        await harness.Activity<RecordRun>().RunAsync(
            new ActivityContext(nameof(RecordRun), run.Id, CancellationToken.None),
            new RunChange { RunId = run.Id, ClosedAfter = closedAfter, Status = WorkStatus.Failed, Error = new Failure(FailureKinds.Internal, "It broke.") });

        Assert.Equal(run, await harness.Runs.GetRunAsync(run.Id, CancellationToken.None));
        Assert.Empty(await harness.EventTypesAsync(run.Id));
    }

    /// <summary>A run whose orchestration waits for an approval.</summary>
    private static async Task<(RunRecord Run, string Gate)> WaitAtGateAsync(RunHarness harness)
    {
        var phase = new { id = "p", gate = new { approval = new { title = "Ship?" } }, tasks = new[] { new { id = "a", agent = "x", prompt = "1" } } };
        var run = await harness.LaunchAsync(new { name = "gated", phases = new object[] { phase } });
        var gate = $"{run.Id}:p.gate";
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), gate);
        return (await harness.UntilAsync(run.Id, static run => run.Status == WorkStatus.Waiting), gate);
    }

    private static Task<bool> CloseAsync(RunHarness harness, string runId, WorkStatus status, long closedAfter) => harness.Activity<RecordRun>().RunAsync(
        new ActivityContext(nameof(RecordRun), runId, CancellationToken.None), new RunChange { RunId = runId, ClosedAfter = closedAfter, Status = status });

    private static async Task DecideAsync(RunHarness harness, string gate) => Assert.Equal(
        DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync(gate, true, null, RunHarness.Ann, CancellationToken.None)).Outcome);

    private static async Task<GateRecord> GateAsync(RunHarness harness, string gate) =>
        (await harness.Get<IGateStore>().GetAsync(gate, CancellationToken.None))!;

    private static OrchestrationMetadata Found(OrchestrationRuntimeStatus status) => new("WorkflowOrchestrator", "rewound") { RuntimeStatus = status };

    private static Task KeepAsync(RunHarness harness, string runId, params OrchestrationMetadata[] looks)
    {
        var client = WatchedClient.Of(harness.Client, looks);
        return harness.Activity<Keeper>(client, harness.Activity<RunControl>(client)).ReconcileAsync(runId, CancellationToken.None);
    }

    /// <summary>A row at its seventh change, of which the engine knows nothing.</summary>
    private static async Task<RunRecord> AddAsync(RunHarness harness, WorkStatus status)
    {
        var run = await harness.EndAsync((await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" })).Id);
        var ended = status.IsTerminal() ? run.CompletedAt : null;
        var phase = run.Phases[0] with { Status = ended is null ? WorkStatus.Running : WorkStatus.Cancelled, CompletedAt = ended };
        var row = run with { Id = "rewound", Status = status, Revision = 7, CompletedAt = ended, Phases = [phase] };
        await harness.Runs.TryCreateAsync(new NewRun(row, [], []), CancellationToken.None);
        return row;
    }
}
