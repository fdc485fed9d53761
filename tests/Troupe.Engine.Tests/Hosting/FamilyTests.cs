using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>Parents and children that change at the same moment.</summary>
public sealed class FamilyTests
{
    private readonly TaskCompletionSource _begun = New();
    private readonly TaskCompletionSource _cancelled = New();
    private bool _broken = true;

    [Fact]
    public async Task Purge_BeforeATerminationReachedTheGrandchild_CancelsItsActivity()
    {
        var store = new HeldTermination(new InMemoryHistoryStore(), "child");
        await using var engine = await StartAsync(store);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"));
        await _begun.Task.WaitAsync(ContractEngine.Patience);
        await engine.Client.TerminateInstanceAsync("parent");
        await engine.EndAsync("parent");

        Assert.Equal(3, await engine.Client.PurgeInstanceAsync("parent"));

        await _cancelled.Task.WaitAsync(ContractEngine.Patience);
        store.Gate.SetResult();
        Assert.Null(await engine.Client.GetInstanceAsync("grandchild"));
    }

    [Fact]
    public async Task Restart_BeforeATerminationReachedTheGrandchild_CancelsItsActivity()
    {
        var store = new HeldTermination(new InMemoryHistoryStore(), "child");
        await using var engine = await StartAsync(store);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"));
        await _begun.Task.WaitAsync(ContractEngine.Patience);
        await engine.Client.TerminateInstanceAsync("parent");
        await engine.EndAsync("parent");

        await engine.Client.RestartInstanceAsync("parent");

        await _cancelled.Task.WaitAsync(ContractEngine.Patience);
        store.Gate.SetResult();
    }

    [Theory]
    [InlineData(10_000, false)]
    [InlineData(1, false)]
    [InlineData(10_000, true)]
    [InlineData(1, true)]
    public async Task Deletion_FailsAfterItReachedTheDisk_CancelsTheGrandchildsActivityAndTellsWhoWaits(int maxLive, bool isRestart)
    {
        var store = new HeldTermination(new InMemoryHistoryStore(), "child");
        await using var engine = await StartAsync(store, maxLive);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"));
        await _begun.Task.WaitAsync(ContractEngine.Patience);
        var waiting = engine.Client.WaitForInstanceCompletionAsync("grandchild");
        await engine.Client.TerminateInstanceAsync("parent");
        await engine.EndAsync("parent");
        while (maxLive == 1 && engine.LiveInstances > 1) await engine.RunAsync("Return");
        store.DeletionFails = true;

        try
        {
            await Assert.ThrowsAsync<IOException>(() => isRestart ? engine.Client.RestartInstanceAsync("parent") : engine.Client.PurgeInstanceAsync("parent"));

            await _cancelled.Task.WaitAsync(ContractEngine.Patience);
            if (!isRestart) await Assert.ThrowsAsync<OrchestrationNotFoundException>(() => waiting.WaitAsync(ContractEngine.Patience));
        }
        finally
        {
            store.Gate.SetResult();
        }
    }

    [Fact]
    public async Task Rewind_ChildEndsBeforeItIsStored_IsPlannedAnew()
    {
        var store = new LateRewind(new InMemoryHistoryStore());
        await using var engine = await StartAsync(store);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Anxious", null, new StartOrchestrationOptions("anxious"));
        await engine.EndAsync("anxious");
        _broken = false;
        await engine.Client.RewindInstanceAsync("waiting", "alone");
        store.BeforeNext = async () =>
        {
            await engine.Client.RaiseEventAsync("waiting", "go", 8);
            await engine.EndAsync("waiting");
        };

        await engine.Client.RewindInstanceAsync("anxious", "again");

        Assert.Equal("8", (await engine.EndAsync("anxious")).SerializedOutput);
        Assert.Equal(3, store.Rewinds);
    }

    private Task<EngineFixture> StartAsync(IHistoryStore store, int maxLive = 10_000) => EngineFixture.StartAsync(
        new DurableTaskRegistry()
            .Orchestrator<object?, int>("Return", static (_, _) => Task.FromResult(1))
            .Activity<object?, int>("Hold", async (context, _) =>
            {
                _begun.TrySetResult();
                await using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
                return 1;
            })
            .Orchestrator<object?, int>("Grandchild", static (context, _) => context.CallActivityAsync<int>("Hold"))
            .Orchestrator<object?, int>("Child", static (context, _) => CallAsync(context, "Grandchild", "grandchild"))
            .Orchestrator<object?, int>("Parent", static (context, _) => CallAsync(context, "Child", "child"))
            .Orchestrator<object?, int>("Waiting", (context, _) =>
                _broken ? throw new InvalidOperationException("not yet") : context.WaitForExternalEvent<int>("go"))
            .Orchestrator<object?, int>("Anxious", static (context, _) => CallAsync(context, "Waiting", "waiting")),
        configure: options => options.MaxLiveInstances = maxLive,
        openStore: _ => Task.FromResult(store));

    private static Task<int> CallAsync(OrchestrationContext context, string name, string id) =>
        context.CallSubOrchestratorAsync<int>(name, null, new SubOrchestrationOptions(InstanceId: id));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Does not let an instance commit that it was terminated; the next deletion may fail once it is done.</summary>
    private sealed class HeldTermination(IHistoryStore inner, string instanceId) : DelegatingStore(inner)
    {
        public TaskCompletionSource Gate { get; } = New();

        public bool DeletionFails { get; set; }

        public override async Task<InstanceRecord?> TryCreateAsync(NewInstance instance, List<InstanceRecord>? displaced)
        {
            var created = await base.TryCreateAsync(instance, displaced);
            return displaced is not null && DeletionFails ? throw new IOException("The disk failed after the commit.") : created;
        }

        public override async Task<int> PurgeAsync(IReadOnlyList<long> keys, List<InstanceRecord> deleted)
        {
            var count = await base.PurgeAsync(keys, deleted);
            return DeletionFails ? throw new IOException("The disk failed after the commit.") : count;
        }

        public override async Task<CommitOutcome> CommitAsync(StepCommit commit, List<InstanceRecord>? displaced = null)
        {
            if (commit.After.Id == instanceId && commit.After.Status == OrchestrationRuntimeStatus.Terminated) await Gate.Task;
            return await base.CommitAsync(commit, displaced);
        }
    }

    /// <summary>Lets something happen between the plan of a rewind and its commit.</summary>
    private sealed class LateRewind(IHistoryStore inner) : DelegatingStore(inner)
    {
        public int Rewinds { get; private set; }

        public Func<Task>? BeforeNext { get; set; }

        public override async Task<bool> RewindAsync(IReadOnlyList<RewoundInstance> instances, List<InstanceRecord> displaced)
        {
            Rewinds++;
            if (BeforeNext is { } before)
            {
                BeforeNext = null;
                await before();
            }

            return await base.RewindAsync(instances, displaced);
        }
    }
}
