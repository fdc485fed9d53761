using System.Reflection;
using Troupe.Core.Following;
using Troupe.Core.Records;
using Troupe.Testing.Stores;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Following;

public sealed class ToldRunsTests
{
    private readonly IRunStore _store = new InMemoryStores().Runs;
    private readonly ToldRuns _runs;

    public ToldRunsTests() => _runs = new ToldRuns(_store);

    [Fact]
    public async Task OfAsync_SeveralEventsOfAPage_ReadsTheirRunOnce()
    {
        await _store.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);
        var first = await OfAsync(_runs, 1);
        await ChangeAsync();

        Assert.Same(first, await OfAsync(_runs, 2));
    }

    [Fact]
    public async Task OfAsync_NextPage_ReadsAnew()
    {
        await _store.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);
        Assert.Null((await OfAsync(_runs, 1))!.Attention);
        await ChangeAsync();

        _runs.Turn();

        Assert.Equal("changed", (await OfAsync(_runs, 2))!.Attention);
    }

    [Fact]
    public async Task OfAsync_ReadingFailed_IsTriedAgain()
    {
        await _store.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);
        var broken = DispatchProxy.Create<IRunStore, BrokenOnce>();
        ((BrokenOnce)(object)broken).Store = _store;
        var runs = new ToldRuns(broken);

        await Assert.ThrowsAsync<IOException>(() => OfAsync(runs, 1));

        Assert.NotNull(await OfAsync(runs, 1));
    }

    private Task ChangeAsync() => _store.UpdateRunAsync("r", new(static run => run with { Attention = "changed" }), default);

    private static Task<RunRecord?> OfAsync(ToldRuns runs, long sequence) =>
        runs.OfAsync(new RunEvent("r", sequence, sequence, "e", default, null, default), default);

    /// <summary>A store whose first answer is a failure.</summary>
    public class BrokenOnce : DispatchProxy
    {
        private bool _broke;

        public IRunStore Store { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (_broke) return targetMethod!.Invoke(Store, args);
            _broke = true;
            return Task.FromException<RunRecord?>(new IOException("broken"));
        }
    }
}
