using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Storage;

/// <content>Histories that are replaced.</content>
public abstract partial class StoreContract
{
    [Fact]
    public async Task Rewind_KeepsTheEventsThatWaitedAndKnowsWhatWasDelivered()
    {
        var record = (await CreateAsync("a"))!;
        await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d", EventVolume.Unbounded);
        await _store.CommitAsync(End(record));
        var failed = (await _store.FindAsync("a", default))!;
        var after = failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 0 };

        Assert.True(await _store.RewindAsync([new RewoundInstance(failed, after, new Rewound([], []), [])], []));

        Assert.Equal(new EventRaised("e", "1"), Assert.Single((await _store.LoadAsync("a", default))!.Inbox).Message);
        Assert.Equal(SendOutcome.Duplicate, (await _store.SendAsync(new OutgoingMessage("a", new EventRaised("e", "1")), "d", EventVolume.Unbounded)).Outcome);
        Assert.Equal(["a"], await _store.ListReadyAsync(default));
    }

    [Fact]
    public async Task Rewind_ChangedMeanwhile_DoesNothing()
    {
        var record = (await CreateAsync("a"))!;
        await _store.CommitAsync(End(record));
        var failed = (await _store.FindAsync("a", default))!;
        var rewound = new Rewound([], [new ExecutionStarted("1")]);
        var after = failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 0 };

        Assert.False(await _store.RewindAsync([new RewoundInstance(failed with { Steps = 9 }, after, rewound, [])], []));
        Assert.True(await _store.RewindAsync([new RewoundInstance(failed, after, rewound, [Child(failed, "anew", 1)])], []));

        var snapshot = (await _store.LoadAsync("a", default))!;
        Assert.Empty(snapshot.History);
        Assert.Equal([new ExecutionStarted("1")], snapshot.Carried);
        Assert.Equal(["a", "anew"], (await _store.ListReadyAsync(default)).Order());
    }

    [Fact]
    public async Task Rewind_ChildThatIsAwaitedHasEnded_DoesNothing()
    {
        var parent = (await CreateAsync("parent"))!;
        await _store.CommitAsync(Run(parent) with { Children = [Child(parent, "child", 1)] });
        await _store.CommitAsync(End((await _store.FindAsync("parent", default))!));
        var failed = (await _store.FindAsync("parent", default))!;
        var child = (await _store.FindAsync("child", default))!;
        var rewound = new RewoundInstance(failed, failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 0 }, new Rewound([], [new ExecutionStarted("1")]), []);

        await _store.CommitAsync(End(child));
        Assert.False(await _store.RewindAsync([rewound with { Awaited = [child.Key] }], []));

        Assert.Equal(failed, await _store.FindAsync("parent", default));
    }

    [Fact]
    public async Task Rewind_WithATimerOpen_IsReadyUntilItsFirstStep()
    {
        var record = (await CreateAsync("a"))!;
        await _store.CommitAsync(Run(record));
        await _store.CommitAsync(End((await _store.FindAsync("a", default))!));
        var failed = (await _store.FindAsync("a", default))!;
        var after = failed with { Status = OrchestrationRuntimeStatus.Running, Steps = 1, WakeAt = Now.AddDays(1) };
        Message[] carried = [new ExecutionRewound("why")];

        Assert.True(await _store.RewindAsync([new RewoundInstance(failed, after, new Rewound([new Step(Now, [], [])], carried), [])], []));
        Assert.Equal(["a"], await _store.ListReadyAsync(default));
        await _store.CommitAsync(new StepCommit(after, after with { Steps = 2 }, new Step(Now, carried, [])));

        Assert.Empty(await _store.ListReadyAsync(default));
    }
}
