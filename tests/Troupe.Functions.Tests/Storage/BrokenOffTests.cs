using Azure.Data.Tables;
using Troupe.Core.Records;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Runs;
using Troupe.Functions.Storage.Tables;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>What a process leaves behind that ends between two writes, and what others make of it.</summary>
public sealed class BrokenOffTests : StoreTest
{
    private static readonly RunRecord Run = SampleRecords.Run("r");

    private RecordTables Tables => One.Get<RecordTables>();

    [Fact]
    public async Task ListRunsAsync_PointerWithoutARun_IsPassedOverAndRemovedOnceItIsOld()
    {
        await One.Get<PointerTable>().PrepareAsync("r", [], RunPointers.Of(Run), default);

        Assert.Empty((await Other.Runs.ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Equal(1, await PointersAsync());

        Time.Advance(TimeSpan.FromHours(2));
        Assert.Empty((await Other.Runs.ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Equal(0, await PointersAsync());
    }

    [Fact]
    public async Task ListRunsAsync_PointerOfAnEarlierStatus_IsPassedOver()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(Run), default);
        await One.Get<PointerTable>().PrepareAsync("r", [], RunPointers.Of(Run with { Status = WorkStatus.Failed }), default);

        Assert.Empty((await Other.Runs.ListRunsAsync(new RunQuery { Statuses = [WorkStatus.Failed] }, default)).Items);
        Assert.Single((await Other.Runs.ListRunsAsync(new RunQuery { Statuses = [WorkStatus.Failed, WorkStatus.Queued] }, default)).Items);
    }

    [Fact]
    public async Task TryCreateAsync_MadeIdThatIsTaken_LeavesTheRunAndItsListsAsTheyWere()
    {
        var run = SampleRecords.Run(Guid.CreateVersion7().ToString("N"));
        await One.Runs.TryCreateAsync(SampleRecords.Launch(run, SampleRecords.Task(run.Id, "t")), default);

        var again = run with { Name = "again", CreatedAt = run.CreatedAt.AddSeconds(1) };
        var result = await Other.Runs.TryCreateAsync(SampleRecords.Launch(again, SampleRecords.Task(run.Id, "u")), default);

        Assert.Equal((CreateRunOutcome.IdTaken, run.Name), (result.Outcome, result.Run.Name));
        Assert.Equal([run.Name], (await Other.Runs.ListRunsAsync(new RunQuery(), default)).Items.Select(static listed => listed.Name));
        Assert.Empty((await Other.Runs.ListRunsAsync(new RunQuery { Name = "again" }, default)).Items);
        Assert.Null(await Other.Runs.GetTaskAsync($"{run.Id}:u", default));
        Assert.Single(await Other.Events.ReadAllAsync(0, 10, default));
    }

    [Fact]
    public async Task Tasks_LauncherDiedBeforeTheyWereRows_AreThereForWhoAsks()
    {
        var tasks = Enumerable.Range(0, 120).Select(static n => SampleRecords.Task("r", $"t{n}", n)).ToList();
        var row = await One.Get<RunTable>().CreateAsync(Run, default);
        row[RunTable.Tasks] = await One.Get<PendingTasks>().DeferAsync(tasks, default);
        await Tables.Runs.TryInsertAsync(row, default);
        await One.Runs.AddTasksAsync("r", [tasks[5] with { Title = "first" }], default);

        Assert.Equal("Task t7", (await Other.Runs.GetTaskAsync("r:t7", default))!.Title);
        Assert.Equal("first", (await Other.Runs.GetTaskAsync("r:t5", default))!.Title);
        Assert.Equal(120, (await Other.Runs.GetTotalsAsync("r", default)).Counts[WorkStatus.Queued]);
        Assert.Null((await One.Get<RunTable>().FindAsync("r", default))!.Entity.GetString(RunTable.Tasks));
    }

    [Fact]
    public async Task GetTaskAsync_UnknownTaskOfARunWithAllItsTasks_IsNull()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(Run, SampleRecords.Task("r", "t")), default);

        Assert.Null(await Other.Runs.GetTaskAsync("r:none", default));
    }

    [Fact]
    public async Task OpenAsync_TablesOfANewerLayout_AreRefused()
    {
        await Tables.OpenAsync(default);
        await Tables.Server.PutAsync(new TableEntity("schema", "version") { ["Version"] = RecordSchema.Version + 1 }, default);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Other.Runs.GetRunAsync("r", default));

        Assert.Contains("layout version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateRunAsync_MoreEventsThanATransactionHolds_IsRefusedWhole()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(Run), default);
        var events = Enumerable.Range(0, 100).Select(static _ => SampleRecords.Event("e")).ToList();

        await Assert.ThrowsAsync<ArgumentException>(() => One.Runs.UpdateRunAsync("r", new(static run => run with { Name = "n" }, 1, events), default));

        Assert.Equal(Run.Name, (await One.Runs.GetRunAsync("r", default))!.Name);
    }

    [Fact]
    public async Task UpdateRunAsync_RecordLargerThanAnEntity_ComesBackAsItWas()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(Run), default);
        foreach (var length in new[] { 200_000, 2_000_000, 10 })
        {
            var reason = string.Concat(Enumerable.Repeat("🎭", length / 2));
            await One.Runs.UpdateRunAsync("r", new(run => run with { CancelReason = reason }), default);

            Assert.Equal(reason, (await Other.Runs.GetRunAsync("r", default))!.CancelReason);
        }
    }

    private async Task<int> PointersAsync() => await Tables.Index.RangeAsync(RunPointers.All, KeyRange.All, 10, default).CountAsync();
}
