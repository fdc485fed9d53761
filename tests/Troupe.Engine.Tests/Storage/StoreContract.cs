using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Storage;

/// <summary>What every history store does.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private IHistoryStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenAsync();

    public virtual async Task DisposeAsync() => await _store.DisposeAsync();

    private protected abstract Task<IHistoryStore> OpenAsync();

    [Fact]
    public async Task TryCreate_TakenId_IsRefusedUnlessThatOneEndedAndMayBeReplaced()
    {
        var first = (await CreateAsync("a"))!;
        Assert.Null(await CreateAsync("a"));
        Assert.Null(await CreateAsync("a", replaceFinished: true));
        await _store.CommitAsync(End(first));
        Assert.Null(await CreateAsync("a"));

        var second = (await CreateAsync("a", replaceFinished: true))!;

        Assert.NotEqual(first.Key, second.Key);
        var snapshot = (await _store.LoadAsync("a", default))!;
        Assert.Empty(snapshot.History);
        Assert.Equal([new ExecutionStarted("\"in\"")], snapshot.Carried);
    }

    [Fact]
    public async Task TryCreate_WithItsFirstStep_IsReadBackAsBoth()
    {
        var step = new Step(Now, [new ExecutionStarted("\"in\"")], AllDecisions);
        var after = new InstanceRecord("a", "Name", "1") { CreatedAt = Now, UpdatedAt = Now, Status = OrchestrationRuntimeStatus.Running, Steps = 1, HistoryEvents = 7, OpenActivities = 1 };

        var record = (await _store.TryCreateAsync(new NewInstance(after, "\"in\"") { First = step }, displaced: null))!;

        var snapshot = (await _store.LoadAsync("a", default))!;
        Assert.Equal(after with { Key = record.Key }, snapshot.Record);
        Assert.Empty(snapshot.Carried);
        Assert.Equal(step.Decisions, Assert.Single(snapshot.History).Decisions);
        Assert.Equal(["a"], await _store.ListReadyAsync(default));
        Assert.Equal("\"in\"", (await _store.LoadEndsAsync(record, true, false, default)).Input);
        await _store.CommitAsync(End(record));
    }

    [Fact]
    public async Task Commit_AStep_IsReadBackAsItWas()
    {
        var record = (await CreateAsync("a"))!;
        var step = new Step(Now, [new ExecutionStarted("\"in\""), new EventRaised("e", null)], AllDecisions);
        var after = record with { Status = OrchestrationRuntimeStatus.Running, Steps = 1, HistoryEvents = 7, OpenActivities = 1, KeptEvents = new EventVolume(2, 5_000_000_000), WakeAt = Now.AddHours(1), CustomStatus = "{}" };

        await _store.CommitAsync(new StepCommit(record, after, step));

        var snapshot = (await _store.LoadAsync("a", default))!;
        Assert.Equal(after, snapshot.Record);
        Assert.Equal(after, await _store.FindAsync("a", default));
        Assert.Empty(snapshot.Carried);
        var read = Assert.Single(snapshot.History);
        Assert.Equal(step.Time, read.Time);
        Assert.Equal(step.Messages, read.Messages);
        Assert.Equal(step.Decisions, read.Decisions);
        Assert.Equal(("\"in\"", AllDecisions.Count), ((await _store.LoadEndsAsync(after, true, true, default)) is var (input, last) ? (input, last!.Decisions.Count) : default));
    }

    [Fact]
    public async Task Commit_OnAChangedRecord_IsStaleAndChangesNothing()
    {
        var record = (await CreateAsync("a"))!;
        await _store.CommitAsync(Run(record));

        await Assert.ThrowsAsync<StaleStepException>(() => _store.CommitAsync(Run(record)));

        Assert.Single((await _store.LoadAsync("a", default))!.History);
    }

    [Fact]
    public async Task Commit_ConsumedMessage_IsGoneAndCannotBeConsumedTwice()
    {
        var record = (await CreateAsync("a"))!;
        var sent = await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), null, EventVolume.Unbounded);
        Assert.Equal(new EventRaised("e", "1"), Assert.Single((await _store.LoadAsync("a", default))!.Inbox).Message);

        await _store.CommitAsync(Run(record) with { Consumed = [sent.Message!.Sequence] });

        Assert.Empty((await _store.LoadAsync("a", default))!.Inbox);
        var next = (await _store.FindAsync("a", default))!;
        await Assert.ThrowsAsync<StaleStepException>(() => _store.CommitAsync(Run(next) with { Consumed = [sent.Message.Sequence] }));
    }

    [Fact]
    public async Task Commit_NextExecution_LeavesNoHistoryButTheCarriedMessages()
    {
        var record = (await CreateAsync("a"))!;
        await _store.CommitAsync(Run(record));
        var before = (await _store.FindAsync("a", default))!;
        var after = before with { Execution = 2, Steps = 0, Version = "2" };

        await _store.CommitAsync(new StepCommit(before, after, new Step(Now, [], [])) { Carried = [new ExecutionStarted("2"), new EventRaised("e", "x")] });

        var snapshot = (await _store.LoadAsync("a", default))!;
        Assert.Equal(after, snapshot.Record);
        Assert.Empty(snapshot.History);
        Assert.Equal([new ExecutionStarted("2"), new EventRaised("e", "x")], snapshot.Carried);
        Assert.Equal(["a"], await _store.ListReadyAsync(default));
    }

    [Fact]
    public async Task Commit_ChildrenAndMessages_ReachOthersInTheSameTransaction()
    {
        var parent = (await CreateAsync("parent"))!;
        var other = (await CreateAsync("other"))!;
        await CreateAsync("taken");
        var outcome = await _store.CommitAsync(Run(parent) with
        {
            Children = [Child(parent, "child", 1), Child(parent, "taken", 2)],
            Outgoing =
            [
                new OutgoingMessage("other", new EventRaised("e", "1")),
                new OutgoingMessage("nobody", new EventRaised("e", "2")),
                new OutgoingMessage("other", new TaskCompleted(1, null)) { Only = (other.Key, other.Execution + 1) },
            ],
        });

        Assert.Equal("child", Assert.Single(outcome.Started).Record.Id);
        Assert.Equal(["other", "parent"], outcome.Delivered.Select(static each => each.InstanceId).Order());
        Assert.IsType<TaskFailed>(Assert.Single((await _store.LoadAsync("parent", default))!.Inbox).Message);
        Assert.Equal(parent.Key, (await _store.FindAsync("child", default))!.Parent!.Key);
    }

    [Fact]
    public async Task ListChildren_NamesThoseThatHaveNotEnded()
    {
        var parent = (await CreateAsync("parent"))!;
        var outcome = await _store.CommitAsync(Run(parent) with { Children = [Child(parent, "ended", 1), Child(parent, "open", 2)] });
        await _store.CommitAsync(Run(outcome.Started[1].Record) with { Children = [Child(outcome.Started[1].Record, "grandchild", 1)] });
        await _store.CommitAsync(End(outcome.Started[0].Record));

        Assert.Equal(["open"], await _store.ListChildrenAsync(parent.Key, default));
    }

    [Fact]
    public async Task Send_SameDeliveryTwice_IsDroppedAlsoAfterItWasConsumed()
    {
        var record = (await CreateAsync("a"))!;
        var first = await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d1", EventVolume.Unbounded);
        await _store.CommitAsync(Run(record) with { Consumed = [first.Message!.Sequence] });

        Assert.Equal(SendOutcome.Duplicate, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d1", EventVolume.Unbounded)).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d2", EventVolume.Unbounded)).Outcome);
    }

    [Fact]
    public async Task Send_ManyDeliveries_RemembersTheLatestThousands()
    {
        await CreateAsync("a");
        await Task.WhenAll(Enumerable.Range(0, 6_000).Select(n => _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", null)), $"d{n}", EventVolume.Unbounded)));

        Assert.Equal(SendOutcome.Duplicate, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", null)), "d5999", EventVolume.Unbounded)).Outcome);
        Assert.Equal(SendOutcome.Duplicate, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", null)), "d2500", EventVolume.Unbounded)).Outcome);
        Assert.Equal(SendOutcome.Delivered, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", null)), "d1", EventVolume.Unbounded)).Outcome);
    }

    [Fact]
    public async Task Commit_NextExecution_KeepsTheLargePayloadsOfWaitingMessages()
    {
        var large = $"\"{new string('x', 2_000_000)}\"";
        var record = (await CreateAsync("a"))!;
        var consumed = await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", large)), null, EventVolume.Unbounded);
        await _store.SendAsync(new OutgoingMessage("a", new EventRaised("f", large)), null, EventVolume.Unbounded);

        await _store.CommitAsync(new StepCommit(record, record with { Execution = 2, Steps = 0 }, new Step(Now, [], []))
        {
            Consumed = [consumed.Message!.Sequence],
            Carried = [new ExecutionStarted(null)],
        });

        Assert.Equal(new EventRaised("f", large), Assert.Single((await _store.LoadAsync("a", default))!.Inbox).Message);
    }

    [Fact]
    public async Task ListReady_OnlyThoseWithSomethingToDo()
    {
        await CreateAsync("new");
        await CreateAsync("later", wakeAt: Now.AddDays(1));
        await _store.CommitAsync(Run((await CreateAsync("waiting"))!));
        await _store.CommitAsync(Run((await CreateAsync("busy"))!, openActivities: 1));
        await _store.CommitAsync(Run((await CreateAsync("told"))!));
        await _store.SendAsync(new OutgoingMessage("told", new EventRaised("e", null)), null, EventVolume.Unbounded);
        await _store.CommitAsync(Run((await CreateAsync("blocked"))!));
        Assert.True(await _store.BlockAsync((await _store.FindAsync("blocked", default))!, "why"));
        await _store.CommitAsync(End((await CreateAsync("ended"))!));

        Assert.Equal(["blocked", "busy", "new", "told"], (await _store.ListReadyAsync(default)).Order());
        Assert.Equal("why", (await _store.FindAsync("blocked", default))!.BlockedReason);
        Assert.Equal([("later", Now.AddDays(1))], await _store.ListWakesAsync(Now, Now.AddDays(1), default));
        Assert.Empty(await _store.ListWakesAsync(Now.AddDays(1), Now.AddDays(2), default));
        Assert.Equal(new PendingWork(Instances: 6, Activities: 1, Timers: 1, Messages: 1), await _store.CountPendingAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Block_Lifted_IsReadyOnlyWhereSomethingElseIsToDo(int openActivities)
    {
        await _store.CommitAsync(Run((await CreateAsync("a"))!, openActivities));
        Assert.True(await _store.BlockAsync((await _store.FindAsync("a", default))!, "why"));
        Assert.Equal(["a"], await _store.ListReadyAsync(default));

        Assert.True(await _store.BlockAsync((await _store.FindAsync("a", default))!, null));

        Assert.Null((await _store.FindAsync("a", default))!.BlockedReason);
        Assert.Equal(openActivities, (await _store.ListReadyAsync(default)).Count);
    }

    [Fact]
    public async Task Purge_EndedInstance_TakesItsDescendantsAlong()
    {
        var parent = (await CreateAsync("parent"))!;
        await _store.CommitAsync(Run(parent) with { Children = [Child(parent, "child", 1)] });
        var running = (await _store.FindAsync("parent", default))!;
        List<InstanceRecord> deleted = [];
        Assert.Equal(0, await _store.PurgeAsync([running.Key], deleted));
        Assert.Empty(deleted);
        await _store.CommitAsync(End(running));

        Assert.Equal(2, await _store.PurgeAsync([running.Key], deleted));
        Assert.Equal([("child", false), ("parent", true)], deleted.Select(static record => (record.Id, record.IsFinished)).Order());
        Assert.Null(await _store.LoadAsync("child", default));
    }

    [Fact]
    public async Task Replaced_WithADescendantThatGoesOn_TellsWhatWasDeleted()
    {
        var root = (await CreateAsync("root"))!;
        await BeginFamilyAsync(root);
        var commit = Run((await _store.FindAsync("root", default))!) with { Children = [Child(root, "child", 1)] };
        List<InstanceRecord> displaced = [];
        await _store.CommitAsync(commit, displaced);
        Assert.Equal(["child", "leaf"], displaced.Select(static record => record.Id).Order());

        await BeginFamilyAsync(root);
        await _store.CommitAsync(End((await _store.FindAsync("root", default))!));
        var failed = (await _store.FindAsync("root", default))!;
        var rewound = new RewoundInstance(failed, failed with { Status = OrchestrationRuntimeStatus.Running }, new Rewound([], []), [Child(root, "child", 1)]);
        displaced.Clear();
        Assert.True(await _store.RewindAsync([rewound], displaced));
        Assert.Equal(["child", "leaf"], displaced.Select(static record => record.Id).Order());

        await BeginFamilyAsync(root);
        await _store.CommitAsync(End((await _store.FindAsync("root", default))!));
        displaced.Clear();
        Assert.NotNull(await _store.TryCreateAsync(New("root"), displaced));
        Assert.Equal([("child", true), ("leaf", false), ("root", true)], displaced.Select(static record => (record.Id, record.IsFinished)).Order());
    }

    [Fact]
    public async Task List_WithFilters_PagesInOrderOfKeys()
    {
        foreach (var name in new[] { "x1", "x2", "y1", "x3" }) await CreateAsync(name);
        var all = await _store.ListAsync(new OrchestrationQuery { InstanceIdPrefix = "x" }, 0, 2, default);
        Assert.Equal(["x1", "x2"], all.Select(static record => record.Id));
        Assert.Equal(["x3"], (await _store.ListAsync(new OrchestrationQuery { InstanceIdPrefix = "x" }, all[^1].Key, 2, default)).Select(static record => record.Id));
        Assert.Empty(await _store.ListAsync(new OrchestrationQuery { CreatedFrom = new DateTimeOffset(Now).AddSeconds(1) }, 0, 9, default));
        Assert.Equal(4, (await _store.ListAsync(new OrchestrationQuery { CreatedTo = new DateTimeOffset(Now) }, 0, 9, default)).Count);
        Assert.Empty(await _store.ListAsync(new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Failed] }, 0, 9, default));
    }

    [Fact]
    public async Task Payload_LargerThanInline_ComesBackWhole()
    {
        var large = $"\"{new string('ü', 2_000_000)}\"";
        var record = (await CreateAsync("a"))!;

        await _store.CommitAsync(Run(record) with { Step = new Step(Now, [new TaskCompleted(1, large)], []) });

        Assert.Equal(new TaskCompleted(1, large), Assert.Single(Assert.Single((await _store.LoadAsync("a", default))!.History).Messages));
    }

    private static readonly IReadOnlyList<Decision> AllDecisions =
    [
        new ActivityScheduled(1, "A", "{}", ActivityPriority.Low, "key"),
        new ChildStarted(2, "C", "1.0", "child-id", null),
        new TimerCreated(3, Now.AddDays(400)),
        new TimerCancelled(-3),
        new EventSent("to", "e", "\"ä\""),
        new ExecutionCompleted(OrchestrationRuntimeStatus.Failed, null, new FailureDetails("T", "m", null, new FailureDetails("U", "n", "at x"))),
    ];

    private async Task<InstanceRecord?> CreateAsync(string id, bool replaceFinished = false, DateTime? wakeAt = null) =>
        await _store.TryCreateAsync(New(id, wakeAt), replaceFinished ? [] : null);

    /// <summary>Gives the root a child that has ended, though what that started goes on.</summary>
    private async Task BeginFamilyAsync(InstanceRecord root)
    {
        if (await _store.FindAsync("child", default) is null)
            await _store.CommitAsync(Run((await _store.FindAsync(root.Id, default))!) with { Children = [Child(root, "child", 1)] });
        var child = (await _store.FindAsync("child", default))!;
        await _store.CommitAsync(Run(child) with { Children = [Child(child, "leaf", 1)] });
        await _store.CommitAsync(End((await _store.FindAsync("child", default))!));
    }

    private static NewInstance New(string id, DateTime? wakeAt = null) =>
        new(new InstanceRecord(id, "O", "") { CreatedAt = Now, UpdatedAt = Now, WakeAt = wakeAt }, "\"in\"");

    private static StepCommit Run(InstanceRecord record, int openActivities = 0) => new(
        record,
        record with { Status = OrchestrationRuntimeStatus.Running, Steps = record.Steps + 1, OpenActivities = openActivities },
        new Step(Now, [], []));

    private static StepCommit End(InstanceRecord record) => new(
        record, record with { Status = OrchestrationRuntimeStatus.Failed, Steps = record.Steps + 1 }, new Step(Now, [], []));

    private static NewInstance Child(InstanceRecord parent, string id, int taskId) => new(
        new InstanceRecord(id, "O", "") { Parent = new ParentLink(parent.Key, parent.Id, parent.Execution, taskId), CreatedAt = Now, UpdatedAt = Now }, null);
}
