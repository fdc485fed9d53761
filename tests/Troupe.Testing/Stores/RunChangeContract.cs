using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IRunStore.UpdateRunAsync"/>: conditional changes, with their events or not at all.</summary>
public abstract class RunChangeContract : StoreContract
{
    private IRunStore Runs => Stores.Runs;

    [Fact]
    public async Task UpdateRunAsync_UnknownRun_IsNull()
    {
        Assert.Null(await Runs.UpdateRunAsync("none", Set(WorkStatus.Running, events: SampleRecords.Event(EventTypes.RunStarted)), default));

        Assert.Empty(await Stores.Events.ReadAllAsync(0, 10, default));
    }

    [Fact]
    public async Task UpdateRunAsync_NewRevision_ChangesAndTellsOfIt()
    {
        await CreateAsync();

        var updated = await Runs.UpdateRunAsync("r", Set(WorkStatus.Running, 1, SampleRecords.Event(EventTypes.RunStarted)), default);

        Assert.Equal((WorkStatus.Running, 1), (updated!.Status, updated.Revision));
        AssertSame(updated, await Runs.GetRunAsync("r", default));
        Assert.Equal([EventTypes.RunQueued, EventTypes.RunStarted], await TypesAsync());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task UpdateRunAsync_RevisionNotHigher_DoesNothingAtAll(long revision)
    {
        await CreateAsync();
        await Runs.UpdateRunAsync("r", Set(WorkStatus.Completed, 5), default);

        var answer = await Runs.UpdateRunAsync("r", Set(WorkStatus.Running, revision, SampleRecords.Event(EventTypes.RunStarted)), default);

        Assert.Equal((WorkStatus.Completed, 5), (answer!.Status, answer.Revision));
        Assert.Equal(WorkStatus.Completed, (await Runs.GetRunAsync("r", default))!.Status);
        Assert.Equal([EventTypes.RunQueued], await TypesAsync());
    }

    [Fact]
    public async Task UpdateRunAsync_NewRevisionThatLeavesTheRecord_StillTellsAndCounts()
    {
        await CreateAsync();

        var updated = await Runs.UpdateRunAsync(
            "r", new(static run => run, 3, SampleRecords.Event(EventTypes.PhaseStarted)), default);

        Assert.Equal(3, updated!.Revision);
        Assert.Equal([EventTypes.RunQueued, EventTypes.PhaseStarted], await TypesAsync());
    }

    [Fact]
    public async Task UpdateRunAsync_WithoutRevision_KeepsTheOrchestratorsNumber()
    {
        await CreateAsync();
        await Runs.UpdateRunAsync("r", Set(WorkStatus.Running, 7), default);

        var updated = await Runs.UpdateRunAsync(
            "r", new(static run => run with { CancelRequestedAt = SampleRecords.Start, Revision = 99 }, null, SampleRecords.Event(EventTypes.RunCancelRequested)), default);

        Assert.Equal((true, 7), (updated!.CancelRequested, updated.Revision));
        Assert.Equal([EventTypes.RunQueued, EventTypes.RunCancelRequested], await TypesAsync());
    }

    [Fact]
    public async Task ListUnobeyedAsync_CommandsUntilTheyAreObeyed_OldestFirst()
    {
        foreach (var id in new[] { "a", "b", "c" })
            await Runs.TryCreateAsync(new NewRun(SampleRecords.Run(id), [], []), default);
        foreach (var id in new[] { "c", "a" })
            await Runs.UpdateRunAsync(id, new(static run => run with { CancelRequestedAt = SampleRecords.Start }), default);
        await Runs.UpdateRunAsync("b", new(static run => run with { Status = WorkStatus.Running, PauseRequested = true }), default);

        Assert.Equal(["a", "b", "c"], (await Runs.ListUnobeyedAsync(10, default)).Select(static run => run.Id));
        Assert.Equal(["a", "b"], (await Runs.ListUnobeyedAsync(2, default)).Select(static run => run.Id));

        await Runs.UpdateRunAsync("a", new(static run => run with { Status = WorkStatus.Cancelled }), default);
        await Runs.UpdateRunAsync("b", new(static run => run with { Status = WorkStatus.Paused }), default);

        Assert.Equal(["c"], (await Runs.ListUnobeyedAsync(10, default)).Select(static run => run.Id));
    }

    [Fact]
    public async Task UpdateRunAsync_WithoutRevisionAndDifference_TellsNothing()
    {
        await CreateAsync();
        var cancel = new Change<RunRecord>(
            static run => run with { CancelRequestedAt = SampleRecords.Start }, null, SampleRecords.Event(EventTypes.RunCancelRequested));
        await Runs.UpdateRunAsync("r", cancel, default);

        await Runs.UpdateRunAsync("r", cancel, default);
        await Runs.UpdateRunAsync("r", new(static run => run, null, SampleRecords.Event(EventTypes.RunPaused)), default);

        Assert.Equal([EventTypes.RunQueued, EventTypes.RunCancelRequested], await TypesAsync());
    }

    [Fact]
    public async Task UpdateRunAsync_ApplyThrows_IsThrownAndNothingChanges()
    {
        await CreateAsync();

        await Assert.ThrowsAsync<NotSupportedException>(() => Runs.UpdateRunAsync(
            "r", new(static _ => throw new NotSupportedException(), 1, SampleRecords.Event(EventTypes.RunStarted)), default));

        Assert.Equal((WorkStatus.Queued, 0), ((await Runs.GetRunAsync("r", default)) is { } run ? (run.Status, run.Revision) : default));
        Assert.Equal([EventTypes.RunQueued], await TypesAsync());
    }

    [Fact]
    public async Task UpdateRunAsync_ChangedIdentity_IsRefused()
    {
        await CreateAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Runs.UpdateRunAsync("r", new(static run => run with { Id = "other" }), default));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Runs.UpdateRunAsync("r", new(static run => run with { CreatedAt = run.CreatedAt.AddDays(1) }), default));
    }

    [Fact]
    public async Task UpdateRunAsync_HundredAtOnce_LosesNone()
    {
        await CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Runs.UpdateRunAsync(
            "r", new(static run => run with { Usage = run.Usage.Add(new Usage(1, 2, 0.5m)) }, null, SampleRecords.Event(EventTypes.TaskProgress)), default))));

        Assert.Equal(new Usage(100, 200, 50m), (await Runs.GetRunAsync("r", default))!.Usage);
        Assert.Equal(101, (await Stores.Events.ReadAsync("r", 0, 500, default)).Count);
    }

    [Fact]
    public async Task UpdateRunAsync_RevisionsOutOfOrderAtOnce_TheHighestStays()
    {
        await CreateAsync();

        await Task.WhenAll(Enumerable.Range(1, 50).Reverse().Select(n => Task.Run(() => Runs.UpdateRunAsync(
            "r", new(run => run with { TaskCount = n }, n), default))));

        var run = await Runs.GetRunAsync("r", default);
        Assert.Equal((50, 50), (run!.TaskCount, run.Revision));
    }

    [Fact]
    public async Task UpdateRunAsync_NewStatusNameAndTags_MoveItBetweenLists()
    {
        await CreateAsync();

        await Runs.UpdateRunAsync(
            "r",
            new(static run => run with { Status = WorkStatus.Failed, Name = "renamed", Options = new RunOptions { Tags = ["kept", "new"] } }),
            default);

        Assert.Empty(await IdsAsync(new RunQuery { Statuses = [WorkStatus.Queued] }));
        Assert.Equal(["r"], await IdsAsync(new RunQuery { Statuses = [WorkStatus.Failed] }));
        Assert.Empty(await IdsAsync(new RunQuery { Name = "review-pr" }));
        Assert.Equal(["r"], await IdsAsync(new RunQuery { Name = "renamed" }));
        Assert.Empty(await IdsAsync(new RunQuery { Tag = "old" }));
        Assert.Equal(["r"], await IdsAsync(new RunQuery { Tag = "kept" }));
        Assert.Equal(["r"], await IdsAsync(new RunQuery { Tag = "new" }));
    }

    private static Change<RunRecord> Set(WorkStatus status, long? revision = null, params IReadOnlyList<NewEvent> events) =>
        new(run => run with { Status = status }, revision, events);

    private Task CreateAsync() => Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r", tags: ["old", "kept"])), default);

    private async Task<IEnumerable<string>> TypesAsync() =>
        (await Stores.Events.ReadAsync("r", 0, 100, default)).Select(static item => item.Type);

    private async Task<IEnumerable<string>> IdsAsync(RunQuery query) =>
        (await Runs.ListRunsAsync(query, default)).Items.Select(static run => run.Id);
}
