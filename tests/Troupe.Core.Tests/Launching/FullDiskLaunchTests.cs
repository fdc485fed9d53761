using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Durable;
using Troupe.Engine.InMemory;
using Troupe.Engine.Storage;
using Troupe.Testing;

namespace Troupe.Core.Tests.Launching;

/// <summary>Launches while the disk of the histories is full, but not that of the records.</summary>
public sealed class FullDiskLaunchTests
{
    [Fact]
    public async Task Launch_EngineTakesNothing_IsAcceptedAndStartedByTheKeeperLater()
    {
        var isFull = true;
        var store = Watched<IHistoryStore>.Of(new InMemoryHistoryStore(), member =>
        {
            if (isFull && member == nameof(IHistoryStore.TryCreateAsync)) throw new StoreUnavailableException("full");
        });
        await using var harness = await RunHarness.StartAsync(store: store);

        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });

        Assert.Equal(WorkStatus.Queued, (await harness.Runs.GetRunAsync(run.Id, default))!.Status);
        Assert.Null(await harness.Client.GetInstanceAsync(run.Id));
        harness.Time.Advance(Keeper.Grace + TimeSpan.FromSeconds(1));
        await harness.Get<Keeper>().PassAsync(default);
        Assert.Null(await harness.Client.GetInstanceAsync(run.Id));
        isFull = false;
        await harness.Get<Keeper>().PassAsync(default);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Launch_RecordsTakeNothing_IsRefusedAndStartsNothing()
    {
        await using var harness = await RunHarness.StartAsync(replace: static services => Watched<IRunStore>.Replace(services, static member =>
        {
            if (member == nameof(IRunStore.TryCreateAsync)) throw new StoreUnavailableException("full");
        }));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" }));

        Assert.Empty((await harness.Client.GetInstancesAsync(new OrchestrationQuery())).Values);
    }
}
