using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

public sealed class RecoveryTests
{
    private static readonly string[] Ids = ["a", "b", "c"];

    private static DurableTaskRegistry Registry => new DurableTaskRegistry()
        .Orchestrator<int, int>("Return", (_, n) => Task.FromResult(n))
        .Orchestrator<int, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("go"));

    [Fact]
    public async Task Start_NothingLeft_IsReadyAtOnceAndSaysSo()
    {
        using var ready = new ReadySignal();
        await using var engine = await EngineFixture.StartAsync(Registry, inMemory: true, loggers: ready);

        Assert.True(engine.Engine.IsReady);
        Assert.Contains("0 instances go on, 0 of them had work to do (0 activities, 0 messages); 0 wait for a timer; in memory", await ready.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithWorkLeft_IsReadyOnceAllOfItHasBeenLookedAt()
    {
        var store = new GatedStore(await StoreWithStartsAsync());
        using var ready = new ReadySignal();
        await using var engine = await EngineFixture.StartAsync(Registry, openStore: _ => Task.FromResult<IHistoryStore>(store), loggers: ready);

        Assert.False(engine.Engine.IsReady);
        Assert.Equal(new RecoveryProgress(3, 0), engine.Engine.Recovery);
        store.Open("new");
        await engine.RunAsync("Return", 1, new StartOrchestrationOptions("new"));
        store.Open("a");
        await engine.EndAsync("a");
        store.Open("b");
        await engine.EndAsync("b");
        Assert.False(engine.Engine.IsReady);
        store.Open("c");

        Assert.Contains("3 instances go on, 3 of them had work to do", await ready.Line.WaitAsync(ContractEngine.Patience), StringComparison.Ordinal);
        Assert.True(engine.Engine.IsReady);
        Assert.Equal(new RecoveryProgress(3, 3), engine.Engine.Recovery);
    }

    [Fact]
    public async Task Start_OneInstanceCannotBeRead_IsReadyAllTheSame()
    {
        var store = new GatedStore(await StoreWithStartsAsync(), "b");
        using var ready = new ReadySignal();
        await using var engine = await EngineFixture.StartAsync(Registry, openStore: _ => Task.FromResult<IHistoryStore>(store), loggers: ready);

        foreach (var id in Ids) store.Open(id);

        await ready.Line.WaitAsync(ContractEngine.Patience);
        Assert.True(engine.Engine.IsReady);
        await engine.EndAsync("a");
        await engine.EndAsync("c");
    }

    [Fact]
    public async Task Stop_Started_IsReadyNoMore()
    {
        await using var engine = await EngineFixture.StartAsync(Registry, inMemory: true);
        await engine.Engine.StopAsync(default);

        Assert.False(engine.Engine.IsReady);
        Assert.Equal(new RecoveryProgress(0, 0), engine.Engine.Recovery);
        Assert.Null(engine.Engine.Metrics);
    }

    /// <summary>A store with instances that were accepted and never begun.</summary>
    private static async Task<IHistoryStore> StoreWithStartsAsync()
    {
        var store = new InMemoryHistoryStore();
        foreach (var id in Ids) await store.TryCreateAsync(new NewInstance(new InstanceRecord(id, "Return", ""), "1"), displaced: null);
        return store;
    }
}
