using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Tests.Activities;

public sealed class ActivityQueueTests
{
    private static readonly TimeSpan Ageing = TimeSpan.FromSeconds(10);

    private int _id;

    [Fact]
    public void TryTake_ByPriority_AndFirstComeFirstServedWithinOne()
    {
        var queue = new ActivityQueue(10, static _ => null, Ageing);
        Add(queue, "low", ActivityPriority.Low);
        Add(queue, "normal 1", ActivityPriority.Normal);
        Add(queue, "normal 2", ActivityPriority.Normal);
        Add(queue, "high", ActivityPriority.High);

        Assert.Equal(["high", "normal 1", "normal 2", "low"], TakeAll(queue));
        Assert.Equal((4, 0), (queue.Running, queue.Waiting));
    }

    [Fact]
    public void TryTake_LowThatHasWaited_GoesBeforeFreshHighOnes()
    {
        var queue = new ActivityQueue(10, static _ => null, Ageing);
        Add(queue, "old low", ActivityPriority.Low);
        Add(queue, "fresh high", ActivityPriority.High, (2 * Ageing) + TimeSpan.FromSeconds(1));
        Add(queue, "fresh normal", ActivityPriority.Normal, (2 * Ageing) + TimeSpan.FromSeconds(1));

        Assert.Equal(["old low", "fresh high", "fresh normal"], TakeAll(queue));
    }

    [Fact]
    public void TryTake_HostLimitReached_TakesNone()
    {
        var queue = new ActivityQueue(1, static _ => null, Ageing);
        Add(queue, "a");
        Add(queue, "b");
        var first = queue.TryTake()!;

        Assert.Null(queue.TryTake());
        queue.Release(first, TimeSpan.Zero);
        Assert.Equal("b", queue.TryTake()!.Call.Scheduled.Name);
    }

    [Fact]
    public void TryTake_KeyAtItsLimit_HoldsUpNobodyElse()
    {
        var queue = new ActivityQueue(10, static key => key == "k" ? 1 : null, Ageing);
        Add(queue, "k1", key: "k");
        Add(queue, "k2", key: "k");
        Add(queue, "k3", key: "k");
        Add(queue, "free");
        Add(queue, "other key", key: "o");
        var k1 = queue.TryTake()!;

        Assert.Equal(["free", "other key"], TakeAll(queue));
        queue.Release(k1, TimeSpan.Zero);
        Assert.Equal(["k2"], TakeAll(queue));
        Assert.Equal(1, queue.Waiting);
    }

    [Fact]
    public void TryTake_RemovedCall_IsSkippedAlsoWhenItWaitedForItsKey()
    {
        var queue = new ActivityQueue(10, static _ => 1, Ageing);
        Add(queue, "first", key: "k");
        var removed = Add(queue, "removed", key: "k");
        Add(queue, "last", key: "k");
        var first = queue.TryTake()!;
        Assert.Null(queue.TryTake());

        removed.State = ActivityRunState.Removed;
        queue.Removed(removed);
        queue.Release(first, TimeSpan.Zero);

        Assert.Equal(["last"], TakeAll(queue));
    }

    private ActivityRun Add(ActivityQueue queue, string name, ActivityPriority priority = ActivityPriority.Normal, TimeSpan at = default, string? key = null)
    {
        var run = new ActivityRun(new ActivityCall("i", 1, 1, new ActivityScheduled(++_id, name, null, priority, key)));
        queue.Add(run, at);
        return run;
    }

    private ActivityRun Add(ActivityQueue queue, string name, string? key) => Add(queue, name, ActivityPriority.Normal, default, key);

    private static List<string> TakeAll(ActivityQueue queue)
    {
        List<string> names = [];
        while (queue.TryTake() is { } run) names.Add(run.Call.Scheduled.Name);
        return names;
    }
}
