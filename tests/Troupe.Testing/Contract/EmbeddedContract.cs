using System.Collections.Concurrent;
using Troupe.Durable;
using Xunit;

namespace Troupe.Testing.Contract;

/// <summary>What the embedded engine guarantees beyond Durable Functions.</summary>
[Trait("Contract", "Embedded")]
public abstract class EmbeddedContract : ContractSuite
{
    [Fact]
    public async Task Schedule_TakenId_IsRefusedAlsoWhenThatOneHasEnded()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Return", (_, n) => Task.FromResult(n)));
        await engine.RunAsync("Return", 1, new StartOrchestrationOptions("mine"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            engine.Client.ScheduleNewOrchestrationInstanceAsync("Return", 2, new StartOrchestrationOptions("mine")));

        Assert.Equal("1", (await engine.Client.GetInstanceAsync("mine", true))!.SerializedOutput);
    }

    [Fact]
    public async Task Schedule_UnknownName_IsRefused()
    {
        await using var engine = await StartAsync(Registry());

        await Assert.ThrowsAsync<OrchestratorNotRegisteredException>(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("Nobody"));
    }

    [Fact]
    public async Task GetInstance_OfAChild_NamesItsParent()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (_, n) => Task.FromResult(n))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "the-child"))));

        await engine.RunAsync("Parent", 1, new StartOrchestrationOptions("the-parent"));

        Assert.Equal("the-parent", (await engine.Client.GetInstanceAsync("the-child"))!.ParentInstanceId);
        Assert.Null((await engine.Client.GetInstanceAsync("the-parent"))!.ParentInstanceId);
    }

    [Fact]
    public async Task Events_BeforeTheWaitAndAcrossContinueAsNew_ComeOnceAndInOrder()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<List<int>, List<int>>("Collect", async (context, got) =>
        {
            got ??= [];
            for (var i = 0; i < 3; i++) got.Add(await context.WaitForExternalEvent<int>("number"));
            if (got.Count < 30) context.ContinueAsNew(got);
            return got;
        }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collect");

        for (var i = 0; i < 30; i++)
        {
            await engine.Client.RaiseEventAsync(id, i % 2 == 0 ? "number" : "NUMBER", i, $"delivery-{i}");
            await engine.Client.RaiseEventAsync(id, "number", i, $"delivery-{i}");
        }

        Assert.Equal($"[{string.Join(",", Enumerable.Range(0, 30))}]", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task Start_ForLater_KeepsEventsUntilThen()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("go")));
        var later = new StartOrchestrationOptions("later", TimeProvider.System.GetUtcNow().AddMilliseconds(300));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, later);

        await engine.Client.RaiseEventAsync("later", "go", 8);

        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await engine.Client.GetInstanceAsync("later"))!.RuntimeStatus);
        Assert.Equal("8", (await engine.EndAsync("later")).SerializedOutput);
    }

    [Fact]
    public async Task Terminate_Parent_ReachesChildrenAndRunningActivities()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Hang", async (context, n) =>
            {
                await using var registration = context.CancellationToken.Register(cancelled.SetResult);
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return n;
            })
            .Orchestrator<int, int>("Child", (context, n) => context.CallActivityAsync<int>("Hang", n))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "doomed"))));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await started.Task.WaitAsync(ContractEngine.Patience);

        await engine.Client.TerminateInstanceAsync(id, "stop");

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync("doomed")).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Suspend_Parent_StopsChildrenAndActivitiesAndResumeRunsThemAgain()
    {
        var runs = new ConcurrentQueue<TaskCompletionSource>([new(), new()]);
        var all = runs.ToArray();
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Work", async (context, n) =>
            {
                Assert.True(runs.TryDequeue(out var run));
                run.SetResult();
                if (runs.IsEmpty) return n + 1;
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return -1;
            })
            .Orchestrator<int, int>("Child", (context, n) => context.CallActivityAsync<int>("Work", n))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "paused-child"))));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", 1);
        await all[0].Task.WaitAsync(ContractEngine.Patience);

        await engine.Client.SuspendInstanceAsync(id);
        await engine.UntilAsync("paused-child", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        Assert.False(all[1].Task.IsCompleted);
        await engine.Client.ResumeInstanceAsync(id);

        Assert.Equal("2", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task IllegalAwait_OfADelay_BlocksAndNamesIt()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Bad", async (_, n) =>
        {
            await Task.Delay(TimeSpan.FromHours(1), TimeProvider.System);
            return n;
        }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Bad");

        var state = await engine.UntilAsync(id, static state => state.BlockedReason is not null);

        Assert.Contains("Task.Delay", state.BlockedReason, StringComparison.Ordinal);
        Assert.False(state.RuntimeStatus.IsTerminal());
        await engine.Client.TerminateInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task IllegalAwait_BesideOpenWork_IsCaughtWhenItGoesOn()
    {
        var foreign = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Sly", async (context, n) =>
        {
            var open = context.WaitForExternalEvent<int>("never");
            await Task.WhenAny(open, foreign.Task);
            return n;
        }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Sly");
        await engine.UntilAsync(id, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        foreign.SetResult();

        Assert.Contains("Task.Run", (await engine.UntilAsync(id, static state => state.BlockedReason is not null)).BlockedReason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IllegalAwait_ConfigureAwaitFalse_IsCaught()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Nothing", n => n)
            .Orchestrator<int, int>("Bad", async (context, n) =>
            {
                n = await context.CallActivityAsync<int>("Nothing", n).ConfigureAwait(false);
                return await context.CallActivityAsync<int>("Nothing", n);
            }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Bad");

        Assert.NotNull((await engine.UntilAsync(id, static state => state.BlockedReason is not null)).BlockedReason);
    }

    [Fact]
    public async Task LargePayload_BesideTheHistory_ComesBackWhole()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, string>("Big", n => new string('x', n))
            .Orchestrator<int, int>("Measure", async (context, n) => (await context.CallActivityAsync<string>("Big", n)).Length));

        Assert.Equal("5000000", (await engine.RunAsync("Measure", 5_000_000)).SerializedOutput);
    }

    [Fact]
    public async Task Rewind_FailedChildInAFanOut_RunsOnlyWhatFailed()
    {
        var calls = new ConcurrentDictionary<int, int>();
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Odd", n => calls.AddOrUpdate(n, 1, static (_, count) => count + 1) == 1 && n % 2 == 1
                ? throw new InvalidDataException($"{n} fails at first") : n)
            .Orchestrator<int, int>("Child", (context, n) => context.CallActivityAsync<int>("Odd", n))
            .Orchestrator<int, int[]>("Parent", (context, n) => Task.WhenAll(Enumerable.Range(0, n).Select(i =>
                context.CallSubOrchestratorAsync<int>("Child", i, new SubOrchestrationOptions(InstanceId: $"{context.InstanceId}-{i}"))))));
        var id = (await engine.RunAsync("Parent", 6)).InstanceId;

        await engine.Client.RewindInstanceAsync(id, "again");

        Assert.Equal("[0,1,2,3,4,5]", (await engine.EndAsync(id)).SerializedOutput);
        Assert.Equal([1, 2, 1, 2, 1, 2], Enumerable.Range(0, 6).Select(n => calls[n]));
    }

    [Fact]
    public async Task Rewind_OfARetriedActivity_RunsItAgain()
    {
        var calls = 0;
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Flaky", n => Interlocked.Increment(ref calls) <= 3 ? throw new InvalidDataException("down") : n)
            .Orchestrator<int, int>("Retry", (context, n) => context.CallActivityAsync<int>(
                "Flaky", n, new TaskOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(5))))));
        var id = (await engine.RunAsync("Retry", 4)).InstanceId;

        await engine.Client.RewindInstanceAsync(id, "again");

        Assert.Equal("4", (await engine.EndAsync(id)).SerializedOutput);
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task Rewind_OfAStepThatSentAnEvent_SendsItNoSecondTime()
    {
        var broken = true;
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Listen", (context, _) => context.WaitForExternalEvent<int>("end"))
            .Orchestrator<string, int>("Tell", async (context, listener) =>
            {
                context.SendEvent(listener, "told", 1);
                if (broken) throw new InvalidDataException("not yet");
                context.SendEvent(listener, "told", 2);
                return await context.CallSubOrchestratorAsync<int>("Nothing", 7);
            })
            .Orchestrator<int, int>("Nothing", (_, n) => Task.FromResult(n)));
        var listener = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Listen");
        var id = (await engine.RunAsync("Tell", listener)).InstanceId;
        await engine.Client.RewindInstanceAsync(id, "too early");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);
        broken = false;

        await engine.Client.RewindInstanceAsync(id, "again");

        Assert.Equal("7", (await engine.EndAsync(id)).SerializedOutput);
        await engine.Client.RaiseEventAsync(listener, "end", 3);
        Assert.Equal("3", (await engine.EndAsync(listener)).SerializedOutput);
        var received = (await engine.Client.GetHistoryAsync(listener)).Where(static told => told.EventType == "EventRaised");
        Assert.Equal(["1", "2", "3"], received.Select(static told => told.Input));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rewind_AfterAChildWasRewoundAlone_TakesWhatThatComesTo(bool hasEnded)
    {
        var attempts = 0;
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (context, _) => Interlocked.Increment(ref attempts) == 1
                ? throw new InvalidDataException("not yet")
                : context.WaitForExternalEvent<int>("go"))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "the-child"))));
        var id = (await engine.RunAsync("Parent")).InstanceId;
        await engine.Client.RewindInstanceAsync("the-child", "alone");
        if (hasEnded)
        {
            await engine.Client.RaiseEventAsync("the-child", "go", 9);
            await engine.EndAsync("the-child");
        }

        await engine.Client.RewindInstanceAsync(id, "again");
        if (!hasEnded) await engine.Client.RaiseEventAsync("the-child", "go", 9);

        var end = await engine.EndAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "9"), (end.RuntimeStatus, end.SerializedOutput));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task Rewind_AfterAChildWasTerminated_StartsThatChildAfresh()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (context, _) => context.WaitForExternalEvent<int>("go"))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "ended-child"))));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await engine.UntilAsync("ended-child", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await engine.Client.TerminateInstanceAsync("ended-child", "no more");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.EndAsync(id)).RuntimeStatus);

        await engine.Client.RewindInstanceAsync(id, "again");
        await engine.UntilAsync("ended-child", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await engine.Client.RaiseEventAsync("ended-child", "go", 9);

        Assert.Equal("9", (await engine.EndAsync(id)).SerializedOutput);
    }

    [Fact]
    public async Task Child_RetriedUnderTheSameId_TakesThePlaceOfTheFailedOne()
    {
        var attempts = 0;
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (_, _) => Interlocked.Increment(ref attempts) < 3 ? throw new InvalidDataException("not yet") : Task.FromResult(attempts))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(5)), "retried-child"))));

        Assert.Equal("3", (await engine.RunAsync("Parent")).SerializedOutput);
    }

    [Fact]
    public async Task Purge_Parent_DeletesItsChildren()
    {
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, int>("Child", (_, n) => Task.FromResult(n))
            .Orchestrator<int, int>("Parent", (context, n) => context.CallSubOrchestratorAsync<int>(
                "Child", n, new SubOrchestrationOptions(InstanceId: "leaf"))));
        var id = (await engine.RunAsync("Parent")).InstanceId;

        Assert.Equal(2, await engine.Client.PurgeInstanceAsync(id));
        Assert.Null(await engine.Client.GetInstanceAsync("leaf"));
    }

    [Fact]
    public async Task Versions_WithoutOneGiven_TakeTheNewestAndChildrenTheirParents()
    {
        static Task<string> Tell(OrchestrationContext context, int n) => Task.FromResult(context.Version);
        await using var engine = await StartAsync(Registry()
            .Orchestrator<int, string>("Child", Tell, "1.9").Orchestrator<int, string>("Child", Tell, "1.10")
            .Orchestrator<int, string>("Parent", (context, n) => context.CallSubOrchestratorAsync<string>("Child", n), "1.9")
            .Orchestrator<int, string>("Parent", (context, n) => context.CallSubOrchestratorAsync<string>("Child", n), "1.10"));

        Assert.Equal("\"1.10\"", (await engine.RunAsync("Parent")).SerializedOutput);
        Assert.Equal("\"1.9\"", (await engine.RunAsync("Parent", 0, new StartOrchestrationOptions(Version: "1.9"))).SerializedOutput);
    }

    [Fact]
    public async Task End_WithATimerOpen_WaitsForIt()
    {
        await using var engine = await StartAsync(Registry().Orchestrator<int, int>("Leave", (context, n) =>
        {
            _ = context.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            return Task.FromResult(n);
        }));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Leave", 6);

        var history = (await engine.EndAsync(id), await engine.Client.GetHistoryAsync(id));

        Assert.Equal("6", history.Item1.SerializedOutput);
        Assert.Equal(["ExecutionStarted", "TimerCreated", "TimerFired", "ExecutionCompleted"], history.Item2.Select(static each => each.EventType));
    }
}
