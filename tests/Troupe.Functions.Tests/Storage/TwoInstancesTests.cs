using System.Globalization;
using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;
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
    public async Task AppendAsync_OtherInstanceNeverPauses_ComesToItsTurns()
    {
        using var enough = new CancellationTokenSource();
        var busy = Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(async () =>
        {
            for (var count = 0; !enough.IsCancellationRequested; count++)
                await Other.Events.AppendAsync(n < 5 ? "r" : $"busy-{n}", [SampleRecords.Event($"busy-{n}-{count}")], default);
        })));

        for (var count = 0; count < 20; count++)
            await One.Events.AppendAsync("r", [SampleRecords.Event($"seldom-{count}")], default);
        await enough.CancelAsync();
        await busy;

        var types = (await One.Events.ReadAsync("r", 0, 10_000, default)).Select(static item => item.Type).Where(static type => type.StartsWith("seldom", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 20).Select(static count => $"seldom-{count}"), types);
    }

    [Fact]
    public async Task WriteAsync_LostThreeTimes_MakesTheOthersReadAgain()
    {
        await One.Events.AppendAsync("r", [SampleRecords.Event("first")], default);
        var tags = new List<(string Left, string Found)>();
        await One.Get<RunWriter>().WriteAsync(
            "r",
            [],
            async attempt =>
            {
                var found = await HeadAsync();
                if (attempt <= 4) await Other.Events.AppendAsync("r", [SampleRecords.Event($"other-{attempt}")], default);
                tags.Add(((await HeadAsync()).ETag.ToString(), found.ETag.ToString()));
                return new RunWrite("r", [new(TableTransactionActionType.UpdateReplace, found, found.ETag)], [], []);
            },
            default);

        // What the other left is found by the next attempt, but for the one after the third.
        Assert.Equal(5, tags.Count);
        Assert.Equal([true, true, false, true], tags.Zip(tags.Skip(1), static (before, after) => before.Left == after.Found));
        Assert.Equal(5, (await One.Events.ReadAsync("r", 0, 10, default)).Count);
    }

    private async Task<TableEntity> HeadAsync() => (await One.Get<RecordTables>().Runs.FindAsync(EntityKey.Of("r"), "head", default))!;

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
