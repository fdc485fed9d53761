using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Functions.Tests.Storage.Counting;
using Troupe.Testing;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>What the commonest operations cost, in requests to the tables. More than that is a decision, not an accident.</summary>
public sealed class RequestCountTests : IAsyncLifetime
{
    private static readonly string Made = Guid.CreateVersion7().ToString("N");

    private readonly ManualTimeProvider _time = new();
    private readonly string _prefix = AzureStores.NewPrefix();
    private CountedStores _one = null!;
    private CountedStores _other = null!;

    public async Task InitializeAsync()
    {
        (_one, _other) = (new CountedStores(_prefix, _time), new CountedStores(_prefix, _time));
        await LaunchAsync(_one, "r");
        await _other.Runs.GetRunAsync("r", default);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await AzureStores.RemoveAsync(_prefix);
    }

    [Fact]
    public async Task Launch_OneTask_TakesSixRequests() => Assert.Equal(6, await _one.CountAsync(() => LaunchAsync(_one, Made)));

    [Fact]
    public async Task Launch_IdOfTheCaller_IsLookedForFirst() => Assert.Equal(7, await _one.CountAsync(() => LaunchAsync(_one, "s")));

    [Fact]
    public async Task Launch_IdThatIsTaken_TakesOneRequest() => Assert.Equal(1, await _one.CountAsync(() => LaunchAsync(_one, "r")));

    [Fact]
    public async Task Launch_OneTaskWithAKey_TakesSevenRequests() => Assert.Equal(7, await _one.CountAsync(() => LaunchAsync(_one, Made, "key")));

    [Fact]
    public async Task Launch_ByAnotherInstance_ReadsWhereTheFeedEnds() => Assert.Equal(7, await _other.CountAsync(() => LaunchAsync(_other, Made)));

    [Fact]
    public async Task ChangeOfStatus_WithAnEvent_TakesFourRequests() => Assert.Equal(4, await _one.CountAsync(() => ChangeRunAsync(_one, 1)));

    [Fact]
    public async Task ChangeOfStatus_ByAnotherInstance_TakesEightRequests() => Assert.Equal(8, await _other.CountAsync(() => ChangeRunAsync(_other, 1)));

    [Fact]
    public async Task ChangeOfATask_WithAKeyedEvent_TakesTwoRequests() => Assert.Equal(2, await _one.CountAsync(() => ChangeTaskAsync(_one, 1)));

    [Fact]
    public async Task ChangeOfATask_ByAnotherInstance_TakesSixRequests() => Assert.Equal(6, await _other.CountAsync(() => ChangeTaskAsync(_other, 1)));

    [Fact]
    public async Task ChangeOfATask_EachInstanceInTurn_FailsOnceAndThenReadsFirst()
    {
        await ChangeTaskAsync(_one, 1);
        await ChangeTaskAsync(_other, 2);

        // The feed's end, then the run's partition: both are remembered wrongly, once.
        Assert.Equal(12, await _one.CountAsync(() => ChangeTaskAsync(_one, 3)));
        await ChangeTaskAsync(_other, 4);
        Assert.Equal(5, await _one.CountAsync(() => ChangeTaskAsync(_one, 5)));

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await _one.CountAsync(() => ChangeTaskAsync(_one, 6)));
        Assert.Equal(7, (await _other.Events.ReadAsync("r", 0, 100, default)).Count);
    }

    [Fact]
    public async Task ChangeOfATask_RepeatedOrNumberedLower_TakesOneReadAndNoWrite()
    {
        await ChangeTaskAsync(_one, 2);

        Assert.Equal(1, await _one.CountAsync(() => ChangeTaskAsync(_one, 2)));
        Assert.Equal(1, await _one.CountAsync(() => ChangeTaskAsync(_one, 1)));
    }

    [Fact]
    public async Task StatusOfATask_TakesOneRequest() => Assert.Equal(1, await _one.CountAsync(() => _one.Runs.GetTaskAsync("r:t", default)));

    [Fact]
    public async Task StatusOfATask_FirstAskedHere_TakesTwoRequests()
    {
        Assert.Equal(2, await _other.CountAsync(() => _other.Runs.GetTaskAsync("r:t", default)));
        Assert.Equal(1, await _other.CountAsync(() => _other.Runs.GetTaskAsync("r:t", default)));
    }

    [Fact]
    public async Task TotalsAndTasks_TakeOneRequestEach()
    {
        Assert.Equal(1, await _one.CountAsync(() => _one.Runs.GetTotalsAsync("r", default)));
        Assert.Equal(1, await _one.CountAsync(() => _one.Runs.ListTasksAsync("r", 100, null, default)));
    }

    [Fact]
    public async Task TotalsAndTasks_OfARunOfAnotherInstance_AskOnceWhetherAllTasksAreRows()
    {
        Assert.Equal(2, await _other.CountAsync(() => _other.Runs.GetTotalsAsync("r", default)));
        Assert.Equal(1, await _other.CountAsync(() => _other.Runs.ListTasksAsync("r", 100, null, default)));
    }

    [Fact]
    public async Task List_TakesOneRequestAndOneForEachRun()
    {
        await LaunchAsync(_one, "s");

        Assert.Equal(3, await _one.CountAsync(() => _one.Runs.ListRunsAsync(new RunQuery { Statuses = [WorkStatus.Queued] }, default)));
    }

    [Fact]
    public async Task EventsOfARun_TakeOneRequest() => Assert.Equal(1, await _one.CountAsync(() => _one.Events.ReadAsync("r", 0, 100, default)));

    [Fact]
    public async Task EventsOfAllRuns_WrittenHere_TakeOneRequest()
    {
        await ChangeTaskAsync(_one, 1);

        Assert.Equal(1, await _one.CountAsync(async () => Assert.Equal(2, (await _one.Events.ReadAllAsync(0, 100, default)).Count)));
    }

    [Fact]
    public async Task EventsOfAllRuns_WrittenElsewhere_TakeOneRequestMoreForEachRun()
    {
        await LaunchAsync(_one, "s");
        for (var revision = 1; revision <= 5; revision++) await ChangeTaskAsync(_one, revision);

        Assert.Equal(3, await _other.CountAsync(async () => Assert.Equal(7, (await _other.Events.ReadAllAsync(0, 100, default)).Count)));
    }

    [Fact]
    public async Task Cursor_MovedOnByOneProcess_TakesOneRequest()
    {
        var cursors = _one.Get<ICursorStore>();
        await cursors.AdvanceAsync("reader", 1, default);

        Assert.Equal(1, await _one.CountAsync(() => cursors.AdvanceAsync("reader", 2, default)));
        Assert.Equal(0, await _one.CountAsync(() => cursors.AdvanceAsync("reader", 1, default)));
        await _other.Get<ICursorStore>().AdvanceAsync("reader", 9, default);
        await cursors.AdvanceAsync("reader", 3, default);
        Assert.Equal(9, await cursors.GetAsync("reader", default));
    }

    [Fact]
    public async Task Artifact_Small_TakesOneRequestEachTime()
    {
        var artifacts = _one.Get<IArtifactStore>();
        await artifacts.PutTextAsync("first", "text/plain", default);

        Assert.Equal(1, await _one.CountAsync(() => artifacts.PutTextAsync("second", "text/plain", default)));
        Assert.Equal(1, await _one.CountAsync(() => artifacts.PutTextAsync("second", "text/plain", default)));
        Assert.Equal("second", await artifacts.ReadTextAsync((await artifacts.PutTextAsync("second", "text/plain", default)).Hash, default));
    }

    [Fact]
    public async Task Artifact_Large_IsNotSentAgain()
    {
        var artifacts = _one.Get<IArtifactStore>();
        var text = new string('x', 200_000);
        Assert.Equal(3, await _one.CountAsync(() => artifacts.PutTextAsync(text, "text/plain", default)));

        Assert.Equal(1, await _one.CountAsync(() => artifacts.PutTextAsync(text, "text/plain", default)));
    }

    private static Task LaunchAsync(CountedStores stores, string id, string? key = null) => stores.Runs.TryCreateAsync(
        SampleRecords.Launch(SampleRecords.Run(id), SampleRecords.Task(id, "t")) with { IdempotencyKey = key, BodyHash = key }, default);

    private static Task ChangeRunAsync(CountedStores stores, long revision) => stores.Runs.UpdateRunAsync(
        "r", new(static run => run with { Status = WorkStatus.Running }, revision, SampleRecords.Event("e")), default);

    private static Task ChangeTaskAsync(CountedStores stores, long revision) => stores.Runs.UpdateTaskAsync(
        "r:t", new(static task => task with { Status = WorkStatus.Running }, revision, SampleRecords.Event("e", $"k{revision}")), default);
}
