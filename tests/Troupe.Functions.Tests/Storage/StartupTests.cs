using Microsoft.Extensions.Hosting;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Functions.Storage.Tables;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

public sealed class StartupTests : StoreTest
{
    [Fact]
    public async Task StartingAsync_NewAccount_MakesTablesAndContainer()
    {
        await StartAsync(One);
        await StartAsync(Other);

        Assert.Null(await One.Get<RecordTables>().Runs.FindAsync("p", "r", default));
        Assert.Null(await One.Get<IArtifactStore>().OpenAsync(new string('a', 64), default));
    }

    [Fact]
    public async Task RetryAsync_SomebodyElseIsFasterEveryTime_GivesUp()
    {
        var attempts = 0;

        var trying = new Conflicts(Time).RetryAsync("r", number => Task.FromResult<object?>((attempts = number) < 0 ? "done" : null), default);
        while (!trying.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => trying);
        Assert.Equal(30, attempts);
    }

    [Fact]
    public async Task CreateIfAbsentAsync_GateOfAnotherRunThanItsIdSays_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        () => One.Get<IGateStore>().CreateIfAbsentAsync(SampleRecords.Gate("r", "g") with { RunId = "s" }, [], default));

    private static async Task StartAsync(AzureStores stores)
    {
        foreach (var service in stores.GetAll<IHostedService>().OfType<IHostedLifecycleService>()) await service.StartingAsync(default);
    }
}
