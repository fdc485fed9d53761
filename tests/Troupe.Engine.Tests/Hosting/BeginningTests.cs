using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>An instance and its first step are one commit where that step concerns nobody else.</summary>
public sealed class BeginningTests
{
    private int _runs;

    [Fact]
    public async Task Start_ActivityFirst_IsStoredWithIt()
    {
        var store = new InMemoryHistoryStore();
        await using var engine = await StartAsync(store, context => context.CallActivityAsync<int>("Double", 21));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        Assert.NotEmpty((await store.LoadAsync("a", default))!.History);
        Assert.Equal("42", (await engine.EndAsync("a")).SerializedOutput);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Start_EventFirst_IsStoredWithIt()
    {
        var store = new InMemoryHistoryStore();
        await using var engine = await StartAsync(store, static context => context.WaitForExternalEvent<int>("e"));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        Assert.Equal((1, OrchestrationRuntimeStatus.Running), (await store.FindAsync("a", default)) is { } record ? (record.Steps, record.Status) : default);
        await engine.Client.RaiseEventAsync("a", "e", 7);
        Assert.Equal("7", (await engine.EndAsync("a")).SerializedOutput);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Start_ReturnsAtOnce_HasEndedBeforeItIsAnswered()
    {
        var store = new InMemoryHistoryStore();
        await using var engine = await StartAsync(store, static _ => Task.FromResult(5));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await store.FindAsync("a", default))!.Status);
        Assert.Equal("5", (await engine.EndAsync("a")).SerializedOutput);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Start_ChildFirst_RunsItsCodeOnce()
    {
        await using var engine = await StartAsync(new InMemoryHistoryStore(), static context => context.CallSubOrchestratorAsync<int>("Child", 4));

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        Assert.Equal("8", (await engine.EndAsync("a")).SerializedOutput);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Start_ContinuesAsNewFirst_GoesOn()
    {
        await using var engine = await StartAsync(new InMemoryHistoryStore(), context =>
        {
            if (_runs == 1) context.ContinueAsNew(null);
            return Task.FromResult(_runs);
        });

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        Assert.Equal("2", (await engine.EndAsync("a")).SerializedOutput);
    }

    [Fact]
    public async Task Start_TakenId_RunsNoCode()
    {
        await using var engine = await StartAsync(new InMemoryHistoryStore(), static context => context.WaitForExternalEvent<int>("e"));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a")));

        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task Start_ManyAtOnceUnderOneId_OneIsStarted()
    {
        await using var engine = await StartAsync(new InMemoryHistoryStore(), static context => context.CallActivityAsync<int>("Double", 1));

        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            try
            {
                await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        })));

        Assert.Equal(1, started.Sum());
        Assert.Equal("2", (await engine.EndAsync("a")).SerializedOutput);
    }

    [Fact]
    public async Task Start_AwaitsWhatItMustNot_IsBlockedAndNamed()
    {
        await using var engine = await StartAsync(new InMemoryHistoryStore(), static async _ =>
        {
            await new TaskCompletionSource().Task;
            return 0;
        });

        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await engine.Client.GetInstanceAsync("a", cancellation: patience.Token))!.BlockedReason is null) await Task.Yield();
    }

    private Task<EngineFixture> StartAsync(IHistoryStore store, Func<OrchestrationContext, Task<int>> code) => EngineFixture.StartAsync(
        new DurableTaskRegistry()
            .Activity<int, int>("Double", static n => n * 2)
            .Orchestrator<int, int>("Child", static async (context, n) => await context.CallActivityAsync<int>("Double", n))
            .Orchestrator<object, int>("Test", (context, _) =>
            {
                if (!context.IsReplaying) Interlocked.Increment(ref _runs);
                return code(context);
            }),
        openStore: _ => Task.FromResult(store));
}
