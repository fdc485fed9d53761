using System.Globalization;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary>The tasks of <see cref="IRunStore"/>, and the model turns kept under them.</summary>
public abstract class TaskContract : StoreContract
{
    private IRunStore Runs => Stores.Runs;

    [Fact]
    public async Task ListTasksAsync_AddedInAnyOrder_AreInOrderOfDefinition()
    {
        await CreateAsync(SampleRecords.Task("r", "c", 7), SampleRecords.Task("r", "a", 1));
        await Runs.AddTasksAsync("r", [SampleRecords.Task("r", "b", 3), SampleRecords.Task("r", "b.1", 3)], default);

        Assert.Equal(["a", "b", "b.1", "c"], await KeysAsync(limit: 10));
        Assert.Equal(["a", "b", "b.1", "c"], await KeysAsync(limit: 1));
        Assert.Equal(["a", "b", "b.1", "c"], await KeysAsync(limit: 3));
    }

    [Fact]
    public async Task ListTasksAsync_RunWithoutTasks_IsEmpty()
    {
        await CreateAsync();

        Assert.Empty(await KeysAsync(limit: 10));
        Assert.Empty((await Runs.ListTasksAsync("none", 10, null, default)).Items);
    }

    [Fact]
    public async Task ListTasksAsync_CursorThatNoPageGave_IsRefused() =>
        await Assert.ThrowsAsync<InvalidCursorException>(() => Runs.ListTasksAsync("r", 10, "nonsense", default));

    [Fact]
    public async Task AddTasksAsync_SomeThereAlready_LeavesThoseAlone()
    {
        await CreateAsync(SampleRecords.Task("r", "a") with { Title = "first" });

        await Runs.AddTasksAsync("r", [SampleRecords.Task("r", "a") with { Title = "second" }, SampleRecords.Task("r", "b", 1)], default);
        await Runs.AddTasksAsync("r", [], default);

        Assert.Equal("first", (await Runs.GetTaskAsync("r:a", default))!.Title);
        Assert.Equal(["a", "b"], await KeysAsync(limit: 10));
    }

    [Fact]
    public async Task AddTasksAsync_TaskOfAnotherRun_IsRefused()
    {
        await CreateAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Runs.AddTasksAsync("r", [SampleRecords.Task("other", "a")], default));
    }

    [Fact]
    public async Task UpdateTaskAsync_EveryProperty_ComesBackAsItWas()
    {
        await CreateAsync(SampleRecords.Task("r", "a"));
        var file = new ArtifactRef(new string('b', 64), 1 << 20, "text/markdown");
        TaskRecord Fill(TaskRecord task) => task with
        {
            Title = SampleRecords.Unicode,
            Status = WorkStatus.Failed,
            Agent = null,
            Attempt = 3,
            NextRetryAt = SampleRecords.Start,
            CurrentStep = "step",
            Mode = ExecutionMode.Hybrid,
            FallbackReason = "missing_api_key",
            RequiresImplementation = true,
            Provider = "p",
            Model = "m",
            Simulated = true,
            Prompt = Content.Inline(SampleRecords.Unicode),
            Result = new Content { Artifact = file },
            ResultType = ResultType.File,
            Summary = "s",
            FilesCreated = [new TaskFile("a/ü.md", file)],
            Error = new Failure(FailureKinds.TimedOut, "late"),
            Usage = new Usage(1, 2, 0.3m),
            ReusedFrom = "x:a",
        };

        var updated = await Runs.UpdateTaskAsync("r:a", new(Fill, 9), default);

        AssertSame(Fill(SampleRecords.Task("r", "a")) with { Revision = 9 }, updated);
        AssertSame(updated, await Runs.GetTaskAsync("r:a", default));
    }

    [Fact]
    public async Task UpdateTaskAsync_UnknownTask_IsNull()
    {
        Assert.Null(await Runs.UpdateTaskAsync("r:none", new(static task => task with { Attempt = 1 }), default));
        Assert.Null(await Runs.GetTaskAsync("r:none", default));
    }

    [Fact]
    public async Task UpdateTaskAsync_ZombieWithALowerRevision_ChangesAndTellsNothing()
    {
        await CreateAsync(SampleRecords.Task("r", "a"));
        await Runs.UpdateTaskAsync("r:a", Set(WorkStatus.Completed, 4, SampleRecords.Event(EventTypes.TaskCompleted)), default);

        await Runs.UpdateTaskAsync("r:a", Set(WorkStatus.Running, 4, SampleRecords.Event(EventTypes.TaskStarted)), default);
        var answer = await Runs.UpdateTaskAsync("r:a", Set(WorkStatus.Running, 2, SampleRecords.Event(EventTypes.TaskStarted)), default);

        Assert.Equal((WorkStatus.Completed, 4), (answer!.Status, answer.Revision));
        Assert.Equal(
            [EventTypes.RunQueued, EventTypes.TaskCompleted],
            (await Stores.Events.ReadAsync("r", 0, 10, default)).Select(static item => item.Type));
    }

    [Fact]
    public async Task UpdateTaskAsync_WithoutDifference_TellsNothing()
    {
        await CreateAsync(SampleRecords.Task("r", "a"));

        await Runs.UpdateTaskAsync("r:a", new(static task => task, null, SampleRecords.Event(EventTypes.TaskProgress)), default);

        Assert.Single(await Stores.Events.ReadAsync("r", 0, 10, default));
    }

    [Fact]
    public async Task UpdateTaskAsync_ChangedIdentity_IsRefused()
    {
        await CreateAsync(SampleRecords.Task("r", "a"));

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Runs.UpdateTaskAsync("r:a", new(static task => task with { RunId = "other" }), default));
    }

    [Fact]
    public async Task GetTurnAsync_FirstOneUnderAKey_Stays()
    {
        var json = $$"""{"text":"{{new string('x', 100_000)}} 🎭"}""";
        await Runs.PutTurnAsync("r:a", "1/1", json, default);
        await Runs.PutTurnAsync("r:a", "1/1", "{}", default);
        await Runs.PutTurnAsync("r:a", "1/2", "[]", default);
        await Runs.PutTurnAsync("r:b", "1/1", "null", default);

        Assert.Equal(json, await Runs.GetTurnAsync("r:a", "1/1", default));
        Assert.Equal("[]", await Runs.GetTurnAsync("r:a", "1/2", default));
        Assert.Equal("null", await Runs.GetTurnAsync("r:b", "1/1", default));
        Assert.Null(await Runs.GetTurnAsync("r:b", "1/2", default));
    }

    [Fact]
    public async Task PutTurnAsync_ManyAtOnceUnderOneKey_OneStays()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => Runs.PutTurnAsync("r:a", "1/1", n.ToString(CultureInfo.InvariantCulture), default))));

        var kept = await Runs.GetTurnAsync("r:a", "1/1", default);
        await Runs.PutTurnAsync("r:a", "1/1", "late", default);

        Assert.Equal(kept, await Runs.GetTurnAsync("r:a", "1/1", default));
    }

    private static Change<TaskRecord> Set(WorkStatus status, long revision, params IReadOnlyList<NewEvent> events) =>
        new(task => task with { Status = status }, revision, events);

    private Task CreateAsync(params IReadOnlyList<TaskRecord> tasks) =>
        Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r"), tasks), default);

    private async Task<List<string>> KeysAsync(int limit)
    {
        var keys = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Runs.ListTasksAsync("r", limit, cursor, default);
            Assert.InRange(page.Items.Count, 0, limit);
            keys.AddRange(page.Items.Select(static task => task.Key));
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return keys;
    }
}
