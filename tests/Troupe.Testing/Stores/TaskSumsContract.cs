using System.Globalization;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary>What <see cref="IRunStore"/> computes over tasks: totals of a run, durations of an agent.</summary>
public abstract class TaskSumsContract : StoreContract
{
    private IRunStore Runs => Stores.Runs;

    [Fact]
    public async Task GetTotalsAsync_TasksInSeveralStates_AddsThemUp()
    {
        await CreateAsync(
            SampleRecords.Task("r", "a", 0, WorkStatus.Completed) with { Weight = 0.25, Usage = new Usage(10, 1, 0.0000001m) },
            SampleRecords.Task("r", "b", 1, WorkStatus.Failed) with { Weight = 0.25, Usage = new Usage(20, 2, 1.5m) },
            SampleRecords.Task("r", "c", 2, WorkStatus.Running) with { Weight = 0.5, Usage = new Usage(5, 3) },
            SampleRecords.Task("r", "d", 3, WorkStatus.Completed) with { Weight = 0 });

        var totals = await Runs.GetTotalsAsync("r", default);

        Assert.Equal(
            new Dictionary<WorkStatus, int> { [WorkStatus.Completed] = 2, [WorkStatus.Failed] = 1, [WorkStatus.Running] = 1 },
            totals.Counts.ToDictionary());
        Assert.Equal(0.5, totals.DoneWeight, 9);
        Assert.Equal(new Usage(35, 6, 1.5000001m), totals.Usage);
        Assert.Equal(["Task c"], totals.RunningTitles);
    }

    [Fact]
    public async Task GetTotalsAsync_UnknownRun_IsZero()
    {
        var totals = await Runs.GetTotalsAsync("none", default);

        Assert.Empty(totals.Counts);
        Assert.Equal((0, Usage.None), (totals.DoneWeight, totals.Usage));
        Assert.Empty(totals.RunningTitles);
    }

    [Fact]
    public async Task GetTotalsAsync_ManyRunning_NamesTheFirstFiveInOrder()
    {
        await CreateAsync([.. Enumerable.Range(0, 8).Reverse().Select(static n =>
            SampleRecords.Task("r", n.ToString(CultureInfo.InvariantCulture), n, WorkStatus.Running))]);

        Assert.Equal(["Task 0", "Task 1", "Task 2", "Task 3", "Task 4"], (await Runs.GetTotalsAsync("r", default)).RunningTitles);
    }

    [Fact]
    public async Task GetTotalsAsync_AfterAChange_FollowsIt()
    {
        await CreateAsync(SampleRecords.Task("r", "a", 0, WorkStatus.Running));

        await Runs.UpdateTaskAsync(
            "r:a", new(static task => task with { Status = WorkStatus.Skipped, Weight = 1, Usage = new Usage(7) }), default);

        var totals = await Runs.GetTotalsAsync("r", default);
        Assert.Equal([WorkStatus.Skipped], totals.Counts.Keys);
        Assert.Equal((1, new Usage(7)), (totals.DoneWeight, totals.Usage));
        Assert.Empty(totals.RunningTitles);
    }

    [Fact]
    public async Task GetTotalsAsync_TenTenths_AreExactlyOneAtMost()
    {
        await CreateAsync([.. Enumerable.Range(0, 10).Select(static n =>
            SampleRecords.Task("r", n.ToString(CultureInfo.InvariantCulture), n, WorkStatus.Completed) with { Weight = 0.1 })]);

        Assert.InRange((await Runs.GetTotalsAsync("r", default)).DoneWeight, 0.999999999, 1);
    }

    [Fact]
    public async Task EstimateDurationAsync_NoHistory_IsNull()
    {
        await CreateAsync(
            SampleRecords.Task("r", "queued"),
            SampleRecords.Finished("r", "failed", "coder", TimeSpan.FromSeconds(9), 1) with { Status = WorkStatus.Failed },
            SampleRecords.Finished("r", "reused", "coder", TimeSpan.FromSeconds(9), 1) with { ReusedFrom = "x:reused" },
            SampleRecords.Finished("r", "other", "writer", TimeSpan.FromSeconds(9), 1));

        Assert.Null(await Runs.EstimateDurationAsync("coder", default));
    }

    [Theory]
    [InlineData(new[] { 4 }, 4)]
    [InlineData(new[] { 90, 1, 5 }, 5)]
    [InlineData(new[] { 8, 1, 2, 100 }, 5)]
    public async Task EstimateDurationAsync_History_IsTheMedian(int[] seconds, int expected)
    {
        await CreateAsync([.. seconds.Select(static (value, index) => Finished(index, value, endedAfterMinutes: index))]);

        Assert.Equal(TimeSpan.FromSeconds(expected), await Runs.EstimateDurationAsync("coder", default));
    }

    [Fact]
    public async Task EstimateDurationAsync_LongHistory_OnlyTheLatestFiftyCount()
    {
        await CreateAsync([.. Enumerable.Range(0, 120).Select(static n => Finished(n, seconds: n < 70 ? 1_000 : 10, endedAfterMinutes: n))]);

        Assert.Equal(TimeSpan.FromSeconds(10), await Runs.EstimateDurationAsync("coder", default));
    }

    [Fact]
    public async Task EstimateDurationAsync_TaskCompletesLater_CountsFromThen()
    {
        await CreateAsync(SampleRecords.Task("r", "a"));
        var done = SampleRecords.Finished("r", "a", "coder", TimeSpan.FromSeconds(42), 1);

        await Runs.UpdateTaskAsync("r:a", new(_ => done, 1), default);

        Assert.Equal(TimeSpan.FromSeconds(42), await Runs.EstimateDurationAsync("coder", default));
    }

    private static TaskRecord Finished(int number, int seconds, int endedAfterMinutes) => SampleRecords.Finished(
        "r", number.ToString(CultureInfo.InvariantCulture), "coder", TimeSpan.FromSeconds(seconds), endedAfterMinutes);

    private Task CreateAsync(params IReadOnlyList<TaskRecord> tasks) =>
        Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r"), tasks), default);
}
