using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>An instance and its first step are one commit where that step concerns nobody else.</summary>
public sealed class BeginningTests
{
    private int _runs;
    private int _doubled;

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

    [Fact]
    public async Task Start_AnsweredAfterTheInstanceHasEnded_RunsNothingAgain()
    {
        var store = new LateCreation(new InMemoryHistoryStore());
        await using var engine = await StartAsync(store, static context => context.CallActivityAsync<int>("Double", 21), static work => work.Execute());
        var start = engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));
        await store.Created.Task.WaitAsync(ContractEngine.Patience);
        await engine.Client.RaiseEventAsync("a", "nudge");
        Assert.Equal("42", (await engine.EndAsync("a")).SerializedOutput);

        store.Gate.SetResult();

        Assert.Equal("a", await start);
        Assert.Equal(1, _doubled);
        Assert.Equal(0, engine.LiveInstances);
    }

    [Fact]
    public async Task Start_FirstStep_KeepsNothingOfTheCallersContext()
    {
        var ofTheCaller = new AsyncLocal<string?>();
        await using var engine = await StartAsync(new InMemoryHistoryStore(), async context =>
        {
            var number = await context.WaitForExternalEvent<int>("go");
            return ofTheCaller.Value is null ? number : -1;
        }, static work => work.Execute());
        ofTheCaller.Value = "secret";
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Test", null, new StartOrchestrationOptions("a"));
        ofTheCaller.Value = null;

        await engine.Client.RaiseEventAsync("a", "go", 5);

        Assert.Equal("5", (await engine.EndAsync("a")).SerializedOutput);
    }

    private Task<EngineFixture> StartAsync(IHistoryStore store, Func<OrchestrationContext, Task<int>> code, WorkScheduler? scheduler = null) => EngineFixture.StartAsync(
        new DurableTaskRegistry()
            .Activity<int, int>("Double", n =>
            {
                Interlocked.Increment(ref _doubled);
                return n * 2;
            })
            .Orchestrator<int, int>("Child", static async (context, n) => await context.CallActivityAsync<int>("Double", n))
            .Orchestrator<object, int>("Test", (context, _) =>
            {
                if (!context.IsReplaying) Interlocked.Increment(ref _runs);
                return code(context);
            }),
        openStore: _ => Task.FromResult(store),
        scheduler: scheduler);

    /// <summary>Answers a creation only once the test lets it.</summary>
    private sealed class LateCreation(IHistoryStore inner) : DelegatingStore(inner)
    {
        public TaskCompletionSource Created { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced)
        {
            var created = await base.TryCreateAsync(instance, displaced);
            Created.TrySetResult();
            await Gate.Task;
            return created;
        }
    }
}
