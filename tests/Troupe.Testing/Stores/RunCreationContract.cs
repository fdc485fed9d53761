using System.Globalization;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IRunStore.TryCreateAsync"/>: all or nothing, never twice, never over another.</summary>
public abstract class RunCreationContract : StoreContract
{
    private IRunStore Runs => Stores.Runs;

    [Fact]
    public async Task TryCreateAsync_NewRun_IsFoundAtOnceWithTasksAndEvents()
    {
        var run = SampleRecords.Run("r1");
        var task = SampleRecords.Task("r1", "main");

        var result = await Runs.TryCreateAsync(SampleRecords.Launch(run, task), default);

        Assert.Equal(CreateRunOutcome.Created, result.Outcome);
        AssertSame(run, result.Run);
        AssertSame(run, await Runs.GetRunAsync("r1", default));
        AssertSame(task, await Runs.GetTaskAsync("r1:main", default));
        Assert.Equal(["r1"], await IdsAsync());
        var stored = Assert.Single(await Stores.Events.ReadAsync("r1", 0, 10, default));
        Assert.Equal((EventTypes.RunQueued, 1), (stored.Type, stored.Sequence));
    }

    [Fact]
    public async Task TryCreateAsync_EveryProperty_ComesBackAsItWas()
    {
        var run = SampleRecords.FullRun("full");

        await Runs.TryCreateAsync(SampleRecords.Launch(run), default);

        AssertSame(run, await Runs.GetRunAsync("full", default));
        AssertSame(run, Assert.Single((await Runs.ListRunsAsync(new RunQuery { Name = SampleRecords.Unicode }, default)).Items));
        AssertSame(run, Assert.Single((await Runs.ListRunsAsync(new RunQuery { Tag = SampleRecords.Unicode }, default)).Items));
    }

    [Fact]
    public async Task TryCreateAsync_IdTaken_TouchesNothingAndLeavesTheKeyFree()
    {
        var first = SampleRecords.Run("r1") with { Status = WorkStatus.Completed };
        await Runs.TryCreateAsync(SampleRecords.Launch(first, SampleRecords.Task("r1", "a")), default);

        var second = SampleRecords.Launch(SampleRecords.Run("r1") with { Name = "other" }, SampleRecords.Task("r1", "b")) with { IdempotencyKey = "k", BodyHash = "h" };
        var result = await Runs.TryCreateAsync(second, default);

        Assert.Equal(CreateRunOutcome.IdTaken, result.Outcome);
        AssertSame(first, result.Run);
        AssertSame(first, await Runs.GetRunAsync("r1", default));
        Assert.Null(await Runs.GetTaskAsync("r1:b", default));
        Assert.Single(await Stores.Events.ReadAsync("r1", 0, 10, default));
        Assert.Equal(CreateRunOutcome.Created, (await CreateAsync("r2", "k", "h")).Outcome);
    }

    [Fact]
    public async Task TryCreateAsync_IdInOtherCase_IsAnotherRun()
    {
        await CreateAsync("run");

        Assert.Equal(CreateRunOutcome.Created, (await CreateAsync("RUN")).Outcome);
        Assert.Null(await Runs.GetRunAsync("Run", default));
    }

    [Fact]
    public async Task TryCreateAsync_KeyWithTheSameBody_YieldsTheRunItMade()
    {
        await CreateAsync("r1", "key", "hash");
        await Runs.UpdateRunAsync("r1", new(static run => run with { Status = WorkStatus.Running }), default);

        var result = await CreateAsync("r2", "key", "hash");

        Assert.Equal(CreateRunOutcome.Repeated, result.Outcome);
        Assert.Equal(("r1", WorkStatus.Running), (result.Run.Id, result.Run.Status));
        Assert.Null(await Runs.GetRunAsync("r2", default));
        Assert.Empty(await Stores.Events.ReadAsync("r2", 0, 10, default));
    }

    [Fact]
    public async Task TryCreateAsync_KeyAndIdRepeated_IsARepetitionNotATakenId()
    {
        await CreateAsync("r1", "key", "hash");

        Assert.Equal(CreateRunOutcome.Repeated, (await CreateAsync("r1", "key", "hash")).Outcome);
    }

    [Fact]
    public async Task TryCreateAsync_KeyWithAnotherBody_IsAConflict()
    {
        await CreateAsync("r1", "key", "hash");

        var result = await CreateAsync("r2", "key", "other");

        Assert.Equal(CreateRunOutcome.KeyConflict, result.Outcome);
        Assert.Equal("r1", result.Run.Id);
        Assert.Equal(["r1"], await IdsAsync());
    }

    [Fact]
    public async Task TryCreateAsync_KeyOfAnotherUser_DoesNotCollide()
    {
        await CreateAsync("r1", "key", "hash");
        var other = SampleRecords.Launch(SampleRecords.Run("r2") with { User = "bob" }) with { IdempotencyKey = "key", BodyHash = "other" };

        Assert.Equal(CreateRunOutcome.Created, (await Runs.TryCreateAsync(other, default)).Outcome);
    }

    [Fact]
    public async Task TryCreateAsync_FiftyAtOnceWithOneKey_MakeOneRun()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => CreateAsync(Id(n), "key", "hash"))));

        var made = Assert.Single(results, static result => result.Outcome == CreateRunOutcome.Created).Run.Id;
        Assert.Equal(49, results.Count(result => result.Outcome == CreateRunOutcome.Repeated && result.Run.Id == made));
        Assert.Equal([made], await IdsAsync());
    }

    [Fact]
    public async Task TryCreateAsync_FiftyAtOnceWithOneId_MakeOneRun()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => CreateAsync("r1", Id(n), "hash"))));

        Assert.Single(results, static result => result.Outcome == CreateRunOutcome.Created);
        Assert.Equal(49, results.Count(static result => result.Outcome == CreateRunOutcome.IdTaken));
        Assert.Single(await Stores.Events.ReadAsync("r1", 0, 100, default));
    }

    [Fact]
    public async Task TryCreateAsync_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => CreateAsync(Id(n)))));

        Assert.Equal(Enumerable.Range(0, 200).Select(Id), (await IdsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TryCreateAsync_BatchOfAThousandTasks_KeepsTheirOrder()
    {
        var tasks = Enumerable.Range(0, 1_000).Select(static n => SampleRecords.Task("batch", Id(n), n)).ToList();

        await Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("batch"), tasks), default);

        var page = await Runs.ListTasksAsync("batch", 500, null, default);
        var rest = await Runs.ListTasksAsync("batch", 500, page.Cursor, default);
        Assert.Equal(tasks.Select(static task => task.Id), page.Items.Concat(rest.Items).Select(static task => task.Id));
        Assert.Null(rest.Cursor);
    }

    [Fact]
    public async Task TryCreateAsync_CancelledAlready_StoresNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r1")), new CancellationToken(canceled: true)));

        Assert.Null(await Runs.GetRunAsync("r1", default));
    }

    private static string Id(int number) => number.ToString("d4", CultureInfo.InvariantCulture);

    private Task<CreateRunResult> CreateAsync(string id, string? key = null, string? hash = null) =>
        Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run(id)) with { IdempotencyKey = key, BodyHash = hash }, default);

    private async Task<IReadOnlyList<string>> IdsAsync() =>
        [.. (await Runs.ListRunsAsync(new RunQuery { Limit = 500 }, default)).Items.Select(static run => run.Id)];
}
