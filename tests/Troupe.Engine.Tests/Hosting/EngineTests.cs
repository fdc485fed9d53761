using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Sqlite;
using Troupe.Testing;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

public sealed class EngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_DataFolderInUse_IsRefused()
    {
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry(), _folder);

        await Assert.ThrowsAsync<SqliteDatabaseInUseException>(() => EngineFixture.StartAsync(new DurableTaskRegistry(), _folder));
    }

    [Fact]
    public async Task Restart_WithWaitingInstances_LoadsNoneAndGoesOn()
    {
        var registry = Waiting();
        await using (var engine = await EngineFixture.StartAsync(registry, _folder))
        {
            for (var i = 0; i < 20; i++)
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions($"wait-{i}"));
            for (var i = 0; i < 20; i++) await engine.UntilAsync($"wait-{i}", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        await using var again = await EngineFixture.StartAsync(registry, _folder);

        Assert.True(again.Engine.IsReady);
        Assert.Equal(0, again.LiveInstances);
        await again.Client.RaiseEventAsync("wait-7", "go", 77);
        Assert.Equal("77", (await again.EndAsync("wait-7")).SerializedOutput);
    }

    [Fact]
    public async Task Live_MoreThanTheLimit_AreEvictedAndReplayed()
    {
        await using var engine = await EngineFixture.StartAsync(Waiting(), _folder, configure: static options => options.MaxLiveInstances = 10);
        for (var i = 0; i < 100; i++) await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions($"wait-{i}"));
        for (var i = 0; i < 100; i++) await engine.UntilAsync($"wait-{i}", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);

        for (var i = 0; i < 100; i++) await engine.Client.RaiseEventAsync($"wait-{i}", "go", i);

        for (var i = 0; i < 100; i++) Assert.Equal($"{i}", (await engine.EndAsync($"wait-{i}")).SerializedOutput);
        Assert.InRange(engine.LiveInstances, 0, 12);
    }

    [Fact]
    public async Task Live_MoreThanTheLimit_LeaveWhileNobodyPosts()
    {
        List<IThreadPoolWorkItem> held = [];
        await using var engine = await EngineFixture.StartAsync(
            Waiting(), inMemory: true, configure: static options => options.MaxLiveInstances = 1, scheduler: work =>
            {
                if (work is InstanceLoop) work.Execute();
                else held.Add(work);
            });
        for (var i = 0; i < 3; i++) await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions($"wait-{i}"));
        Assert.Equal(3, engine.LiveInstances);

        Assert.Single(held).Execute();

        Assert.Equal(1, engine.LiveInstances);
    }

    [Fact]
    public async Task Stop_WithAnActivityRunning_CancelsItAndItRunsAgainAfterTheStart()
    {
        var started = new TaskCompletionSource();
        var runs = 0;
        DurableTaskRegistry Registry() => new DurableTaskRegistry()
            .Activity<int, int>("Work", async (context, n) =>
            {
                if (Interlocked.Increment(ref runs) > 1) return n;
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return -1;
            })
            .Orchestrator<int, int>("Run", (context, n) => context.CallActivityAsync<int>("Work", n));
        string id;
        await using (var engine = await EngineFixture.StartAsync(Registry(), _folder))
        {
            id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 5);
            await started.Task.WaitAsync(ContractEngine.Patience);
        }

        await using var again = await EngineFixture.StartAsync(Registry(), _folder);

        Assert.Equal("5", (await again.EndAsync(id)).SerializedOutput);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Stop_ActivityThatEndsInTime_IsRecordedAndDoesNotRunAgain()
    {
        var started = new TaskCompletionSource();
        var runs = 0;
        DurableTaskRegistry Registry() => new DurableTaskRegistry()
            .Activity<int, int>("Work", async (context, n) =>
            {
                Interlocked.Increment(ref runs);
                var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var registration = context.CancellationToken.Register(stopped.SetResult);
                started.TrySetResult();
                await stopped.Task;
                return n;
            })
            .Orchestrator<int, int>("Run", (context, n) => context.CallActivityAsync<int>("Work", n));
        string id;
        await using (var engine = await EngineFixture.StartAsync(Registry(), _folder))
        {
            id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 5);
            await started.Task.WaitAsync(ContractEngine.Patience);
        }

        await using var again = await EngineFixture.StartAsync(Registry(), _folder);

        Assert.Equal("5", (await again.EndAsync(id)).SerializedOutput);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Blocked_ByChangedCode_KeepsMessagesAndGoesOnWithFixedCode()
    {
        static DurableTaskRegistry Registry(string activity) => new DurableTaskRegistry()
            .Activity<int, int>("A", n => n).Activity<int, int>("B", n => n)
            .Orchestrator<int, int>("Run", async (context, n) =>
                await context.CallActivityAsync<int>(activity, n) + await context.WaitForExternalEvent<int>("go"));
        await using (var engine = await EngineFixture.StartAsync(Registry("A"), _folder))
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 1, new StartOrchestrationOptions("run"));
            while ((await engine.Client.GetHistoryAsync("run")).Count < 3) await Task.Yield();
        }

        await using (var broken = await EngineFixture.StartAsync(Registry("B"), _folder))
        {
            await broken.Client.RaiseEventAsync("run", "go", 10);
            var state = await broken.UntilAsync("run", static state => state.BlockedReason is not null);
            Assert.Contains("activity 'A' (#1)", state.BlockedReason, StringComparison.Ordinal);
            Assert.Equal(OrchestrationRuntimeStatus.Running, state.RuntimeStatus);
        }

        await using var repaired = await EngineFixture.StartAsync(Registry("A"), _folder);
        var end = await repaired.EndAsync("run");
        Assert.Equal("11", end.SerializedOutput);
        Assert.Null(end.BlockedReason);
    }

    [Fact]
    public async Task Blocked_ByAMissingVersion_SaysWhichAreThere()
    {
        static Task<int> Wait(OrchestrationContext context, int n) => context.WaitForExternalEvent<int>("go");
        await using (var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().Orchestrator<int, int>("Run", Wait, "1"), _folder))
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 1, new StartOrchestrationOptions("run"));

        await using var newer = await EngineFixture.StartAsync(new DurableTaskRegistry().Orchestrator<int, int>("Run", Wait, "2"), _folder);
        await newer.Client.RaiseEventAsync("run", "go", 10);

        Assert.Contains("'Run' of version '1'", (await newer.UntilAsync("run", static state => state.BlockedReason is not null)).BlockedReason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timer_DaysAway_FiresWhenTheClockSaysSo()
    {
        var time = new ManualTimeProvider();
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry().Orchestrator<int, string>("Sleep", async (context, days) =>
            {
                await context.CreateTimer(TimeSpan.FromDays(days), CancellationToken.None);
                return context.CurrentUtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            }),
            _folder,
            time: time);
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", 8);
        await engine.UntilAsync(id, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);

        time.Advance(TimeSpan.FromDays(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await engine.Client.GetInstanceAsync(id))!.RuntimeStatus);
        var end = engine.EndAsync(id);
        while (!end.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("\"2030-01-09\"", (await end).SerializedOutput);
    }

    [Fact]
    public async Task Concurrency_ByKeyAndHost_IsNeverExceeded()
    {
        var (now, most, keyed, mostKeyed) = (0, 0, 0, 0);
        var gate = new Lock();
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry()
                .Activity<string, int>("Work", async (_, key) =>
                {
                    lock (gate)
                    {
                        most = Math.Max(most, ++now);
                        if (key == "k") mostKeyed = Math.Max(mostKeyed, ++keyed);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
                    lock (gate)
                    {
                        now--;
                        if (key == "k") keyed--;
                    }

                    return 0;
                })
                .Orchestrator<int, int>("Run", async (context, n) => (await Task.WhenAll(Enumerable.Range(0, n).Select(i =>
                {
                    var key = i % 2 == 0 ? "k" : "free";
                    return context.CallActivityAsync<int>("Work", key, new ActivityOptions(ConcurrencyKey: key));
                }))).Length),
            _folder,
            configure: static options =>
            {
                options.MaxConcurrentActivities = 5;
                options.ConcurrencyKeyLimits["k"] = 2;
            });

        Assert.Equal("40", (await engine.RunAsync("Run", 40)).SerializedOutput);
        Assert.Equal((5, 2), (most, mostKeyed));
    }

    [Fact]
    public async Task SlotsApart_CallsThatNeverEnd_TakeNoSlotOfTheOthers()
    {
        var answer = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry()
                .Activity<int, int>("Hang", async (_, n) =>
                {
                    await answer.Task;
                    return n;
                })
                .Activity<int, int>("Work", static n => n)
                .Orchestrator<int, int>("Told", static (context, n) => context.CallActivityAsync<int>("Hang", n, new ActivityOptions(ConcurrencyKey: $"told/{n}")))
                .Orchestrator<int, int>("Run", static (context, n) => context.CallActivityAsync<int>("Work", n)),
            _folder,
            configure: static options =>
            {
                options.MaxConcurrentActivities = 1;
                options.SlotsApart["told/*"] = 4;
            });
        for (var n = 0; n < 20; n++) await engine.Client.ScheduleNewOrchestrationInstanceAsync("Told", n, new StartOrchestrationOptions($"told-{n}"));

        Assert.Equal("7", (await engine.RunAsync("Run", 7)).SerializedOutput);
        answer.SetResult();
        for (var n = 0; n < 20; n++) Assert.Equal($"{n}", (await engine.Client.WaitForInstanceCompletionAsync($"told-{n}", true)).SerializedOutput);
    }

    [Fact]
    public async Task History_TooLong_FailsTheInstanceWithTheLimit()
    {
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry().Activity<int, int>("A", n => n).Orchestrator<int, int>("Endless", async (context, n) =>
            {
                while (true) n = await context.CallActivityAsync<int>("A", n);
            }),
            _folder,
            configure: static options => options.MaxHistoryEvents = 50);

        var end = await engine.RunAsync("Endless");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("the limit is 50", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TooManyPending_AreRefused()
    {
        await using var engine = await EngineFixture.StartAsync(Waiting(), _folder, configure: static options => options.MaxPendingEvents = 3);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("wait"));
        for (var i = 0; i < 3; i++) await engine.Client.RaiseEventAsync("wait", "unheard", i);

        await Assert.ThrowsAsync<DurableLimitExceededException>(() => engine.Client.RaiseEventAsync("wait", "unheard", 4));
    }

    [Fact]
    public async Task Events_TooManyBytesPending_AreRefusedUntilSomeAreReceived()
    {
        await using var engine = await EngineFixture.StartAsync(Waiting(), _folder, configure: static options => options.MaxPendingEventBytes = 1_000);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("wait"));
        var text = new string('x', 491);
        await engine.Client.RaiseEventAsync("wait", "unheard", text);
        await engine.Client.RaiseEventAsync("wait", "unheard", text[..489]);

        var refused = await Assert.ThrowsAsync<DurableLimitExceededException>(() => engine.Client.RaiseEventAsync("wait", "go", 1));

        Assert.True(refused.MayPassLater);
        Assert.Contains("2 events wait for 'wait' already, 998 bytes in all. At most 10,000 and 1,000 bytes may wait", refused.Message, StringComparison.Ordinal);
        await engine.Client.RaiseEventAsync("wait", "x", 1);
        await Assert.ThrowsAsync<DurableLimitExceededException>(() => engine.Client.RaiseEventAsync("wait", "x"));
    }

    [Fact]
    public async Task Event_LargerThanMayWait_IsAcceptedWhereNothingWaits()
    {
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry().Orchestrator<int, int>("Lengths", static async (context, _) =>
                (await context.WaitForExternalEvent<string>("go")).Length + (await context.WaitForExternalEvent<string>("go")).Length),
            _folder,
            configure: static options => options.MaxPendingEventBytes = 10);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Lengths", 0, new StartOrchestrationOptions("wait"));
        await engine.Client.RaiseEventAsync("wait", "go", new string('x', 3_000_000));
        await engine.UntilAsync("wait", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        while ((await engine.Client.GetHistoryAsync("wait")).All(static told => told.EventType != "EventRaised")) await Task.Yield();

        await engine.Client.RaiseEventAsync("wait", "go", new string('x', 1_000));

        Assert.Equal("3001000", (await engine.EndAsync("wait")).SerializedOutput);
    }

    [Fact]
    public async Task Payload_TooLarge_IsRefusedWhereItArises()
    {
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry().Activity<int, string>("Big", n => new string('x', n))
                .Orchestrator<int, string>("Run", (context, n) => context.CallActivityAsync<string>("Big", n)),
            _folder,
            configure: static options => options.MaxPayloadBytes = 1_000);

        await Assert.ThrowsAsync<DurableLimitExceededException>(() =>
            engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", new string('x', 1_000)));
        Assert.Contains("the limit is 1,000", (await engine.RunAsync("Run", 5_000)).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poison_Instances_HarmNobodyElse()
    {
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry()
                .AddOrchestrator("Unmade", "", static _ => throw new InvalidOperationException("no constructor"))
                .Orchestrator<int, int>("Return", (_, n) => Task.FromResult(n))
                .Orchestrator<int, int>("Missing", (context, _) => context.CallActivityAsync<int>("Nobody"))
                .Orchestrator<int, int>("NoChild", (context, _) => context.CallSubOrchestratorAsync<int>("Nobody")),
            _folder);
        var unmade = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Unmade");

        Assert.Contains("no constructor", (await engine.UntilAsync(unmade, static state => state.BlockedReason is not null)).BlockedReason!, StringComparison.Ordinal);
        Assert.Contains("No activity named 'Nobody'", (await engine.RunAsync("Missing")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("No orchestrator named 'Nobody'", (await engine.RunAsync("NoChild")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await engine.RunAsync("Return", "no number")).RuntimeStatus);
        Assert.Equal("3", (await engine.RunAsync("Return", 3)).SerializedOutput);
    }

    [Fact]
    public async Task AddTroupeEngine_InAHost_RunsAndStopsWithIt()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddTroupeEngine(new DurableTaskRegistry().Orchestrator<int, int>("Return", (_, n) => Task.FromResult(n)), options => options.DataFolder = _folder.Path);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IOrchestrationClient>();
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetInstanceAsync("x"));
        var host = provider.GetServices<IHostedService>().Single();
        await host.StartAsync(default);

        var id = await client.ScheduleNewOrchestrationInstanceAsync("Return", 1);

        Assert.Equal("1", (await client.WaitForInstanceCompletionAsync(id, true)).SerializedOutput);
        await host.StopAsync(default);
        Assert.False(provider.GetRequiredService<DurableEngine>().IsReady);
    }

    [Fact]
    public void Options_OutOfRange_AreNamed() =>
        Assert.Contains("MaxLiveInstances is 0", Assert.Throws<ArgumentException>(() =>
            new ServiceCollection().AddTroupeEngine(new DurableTaskRegistry(), static options => options.MaxLiveInstances = 0)).Message, StringComparison.Ordinal);

    private static DurableTaskRegistry Waiting() => new DurableTaskRegistry()
        .Orchestrator<int, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("go"));
}
