using System.Globalization;
using Troupe.Core.Records;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Two instances that write the same rows at once.</summary>
public sealed class TwoInstancesTests : StoreTest
{
    private protected override TimeProvider Clock => TimeProvider.System;

    [Fact]
    public async Task UpdateRunAsync_BothAtOnce_LosesNone()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);

        await BothAsync(60, (stores, n) => stores.Runs.UpdateRunAsync(
            "r", new(static run => run with { Usage = run.Usage.Add(new Usage(1)) }, null, SampleRecords.Event(n.ToString(CultureInfo.InvariantCulture))), default));

        Assert.Equal(60, (await One.Runs.GetRunAsync("r", default))!.Usage.InputTokens);
        Assert.Equal(Enumerable.Range(1, 61).Select(static n => (long)n), (await One.Events.ReadAsync("r", 0, 500, default)).Select(static item => item.Sequence));
    }

    [Fact]
    public async Task ReadAllAsync_BothAppendToManyRuns_HasEachOnceInOrder()
    {
        await BothAsync(120, static (stores, n) => stores.Events.AppendAsync(
            (n % 9).ToString(CultureInfo.InvariantCulture), [SampleRecords.Event(n.ToString(CultureInfo.InvariantCulture))], default));

        var events = await One.Events.ReadAllAsync(0, 500, default);

        Assert.Equal(120, events.Select(static item => item.Type).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(events.Select(static item => item.Position).Order(), events.Select(static item => item.Position));
        foreach (var run in events.GroupBy(static item => item.RunId, StringComparer.Ordinal))
            Assert.Equal(run.Select(static item => item.Sequence).Order(), run.Select(static item => item.Sequence));
    }

    [Fact]
    public async Task UpdateRunAsync_StatusMovedThereAndBackByBoth_ListsNameItOnce()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r")), default);

        await BothAsync(40, static (stores, n) => stores.Runs.UpdateRunAsync(
            "r", new(run => run with { Status = n % 4 < 2 ? WorkStatus.Running : WorkStatus.Paused }), default));

        var status = (await One.Runs.GetRunAsync("r", default))!.Status;
        foreach (var listed in Enum.GetValues<WorkStatus>())
        {
            var found = await Other.Runs.ListRunsAsync(new RunQuery { Statuses = [listed] }, default);
            Assert.Equal(listed == status ? ["r"] : [], found.Items.Select(static run => run.Id));
        }
    }

    private async Task BothAsync(int count, Func<AzureStores, int, Task> work) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Run(() => work(n % 2 == 0 ? One : Other, n))));
}
