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
