using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Engine.Clients;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>
/// One script that uses everything, and a fault at its first operation on the store, its second, and so on until no fault comes any more.
/// Whatever happened, what is left must be what a run without faults leaves.
/// </summary>
public abstract class CommitPointTests
{
    private protected const int AtOnce = 8;

    [Theory]
    [InlineData(Fault.Read, false)]
    [InlineData(Fault.BeforeCommit, false)]
    [InlineData(Fault.AfterCommit, false)]
    [InlineData(Fault.Read, true)]
    [InlineData(Fault.BeforeCommit, true)]
    [InlineData(Fault.AfterCommit, true)]
    internal async Task Fault_AtAnyOperation_LeavesWhatAFaultlessRunLeaves(Fault fault, bool dies)
    {
        var k = 1;
        for (var struck = true; struck; k += AtOnce)
        {
            var plans = Enumerable.Range(k, AtOnce).Select(at => new FaultPlan(at, fault, dies)).ToList();
            await PlayAllAsync(plans);
            struck = plans.TrueForAll(static plan => plan.Struck.IsCompleted);
        }

        Assert.InRange(k, 40, 400);
    }

    [Theory]
    [InlineData(Fault.BeforeCommit, false)]
    [InlineData(Fault.AfterCommit, false)]
    [InlineData(Fault.BeforeCommit, true)]
    [InlineData(Fault.AfterCommit, true)]
    internal async Task Fault_AtEveryKindOfCommit_LeavesWhatAFaultlessRunLeaves(Fault fault, bool dies)
    {
        foreach (var kinds in CommitKinds.All.Chunk(AtOnce))
        {
            var plans = kinds.Select(kind => new FaultPlan(1, fault, dies, kind)).ToList();
            await PlayAllAsync(plans);
            Assert.All(plans, static plan => Assert.True(plan.Struck.IsCompleted, $"No commit was of the kind '{plan.Kind}'."));
        }
    }

    /// <summary>Opens the store of a run; null opens what a dead process has left.</summary>
    private protected abstract Task<IFaultyMedium> CreateMediumAsync();

    private Task PlayAllAsync(IEnumerable<FaultPlan> plans) => Task.WhenAll(plans.Select(plan => Task.Run(async () =>
    {
        await using var medium = await CreateMediumAsync();
        await PlayAsync(plan, plan, medium);
    })));

    /// <param name="plan">What fails.</param>
    /// <param name="inStore">The same, where it is the store's doing; else a plan by which nothing fails there.</param>
    private protected static async Task PlayAsync(FaultPlan plan, FaultPlan inStore, IFaultyMedium medium)
    {
        var journal = new ConcurrentQueue<string>();
        EveryCommit? script = null;
        var time = new HurriedTime(20);
        await using var stage = new Stage(
            plan,
            () => EngineFixture.StartAsync(
                script!.Registry(), inMemory: true, time: time, openStore: _ => Task.FromResult<IHistoryStore>(new FaultyStore(medium.Store, inStore, journal))),
            medium.DieAsync);
        script = new EveryCommit(stage, journal, time);
        try
        {
            await script.PlayAsync();
            await stage.DisposeAsync();
            Assert.Equal(EveryCommit.Left, await ListAsync(medium.Store));
            await NothingIsOpenAsync(medium.Store);
            await medium.CheckAsync();
            Runs([.. journal], plan.Dies ? 2 : 1);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"After {plan} ({string.Join(", ", plan.Kinds)}): {exception.Message}", exception);
        }
    }

    private static async Task<SortedDictionary<string, string>> ListAsync(IHistoryStore store)
    {
        var left = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in await store.ListAsync(new OrchestrationQuery(), 0, 1_000, default))
            left.Add(record.Id, EveryCommit.Describe(await MetadataView.ReadAsync(store, record, true, default)));
        return left;
    }

    private static async Task NothingIsOpenAsync(IHistoryStore store)
    {
        Assert.Empty(await store.ListReadyAsync(default));
        Assert.Empty(await store.ListWakesAsync(DateTime.MinValue, DateTime.MaxValue, default));
    }

    /// <summary>What was in flight at a death runs once more; what was recorded never does.</summary>
    private static void Runs(IReadOnlyList<string> journal, int most)
    {
        var runs = new Dictionary<string, int>(StringComparer.Ordinal);
        var recorded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in journal)
        {
            var (what, key) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            if (what == "recorded")
            {
                recorded.Add(key);
                continue;
            }

            Assert.DoesNotContain(key, recorded);
            runs[key] = runs.GetValueOrDefault(key) + 1;
        }

        Assert.NotEmpty(recorded);
        Assert.All(runs, run => Assert.InRange(run.Value, 1, most));
    }
}

/// <summary>What outlives a process.</summary>
internal interface IFaultyMedium : IAsyncDisposable
{
    IHistoryStore Store { get; }

    /// <summary>The process is gone; opens for the next one what it has left.</summary>
    Task DieAsync();

    Task CheckAsync();
}

public sealed class InMemoryCommitPointTests : CommitPointTests
{
    private protected override Task<IFaultyMedium> CreateMediumAsync() => Task.FromResult<IFaultyMedium>(new Medium());

    private sealed class Medium : IFaultyMedium
    {
        public IHistoryStore Store { get; } = new InMemoryHistoryStore();

        public Task DieAsync() => Task.CompletedTask;

        public Task CheckAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => Store.DisposeAsync();
    }
}
