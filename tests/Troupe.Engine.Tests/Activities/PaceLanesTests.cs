using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Tests.Activities;

/// <summary>A queue of 8 slots, of which 2 are for keys that are not known and 2 for slow ones; a key may have 2 calls running.</summary>
public sealed class PaceLanesTests
{
    private static readonly TimeSpan Slow = PaceLanes.LongestQuick + TimeSpan.FromMilliseconds(1);

    private readonly ActivityQueue _queue = new(8, static _ => 2, TimeSpan.FromSeconds(30), new PaceLanes(8));
    private readonly Dictionary<string, ActivityRun> _running = new(StringComparer.Ordinal);
    private int _id;

    [Fact]
    public void TryTake_KeysNotCalledBefore_HaveAQuarter()
    {
        Add("a", "b", "c", "d");

        Assert.Equal(["a", "b"], TakeAll());
        Release("b", TimeSpan.Zero);
        Assert.Equal(["c"], TakeAll());
        Assert.Equal((2, 1), (_queue.Running, _queue.Waiting));
    }

    [Fact]
    public void TryTake_ManySlowKeys_LeaveTheOthersTheirPlaces()
    {
        Meet("good", TimeSpan.Zero);
        foreach (var key in (string[])["s1", "s2", "s3", "s4"]) Meet(key, Slow);
        Add("s1", "s2", "s3", "s4", "new", "good", "good");

        Assert.Equal(["s1", "s2", "new", "good", "good"], TakeAll());
    }

    [Fact]
    public void TryTake_UnknownKeysThatNeverAnswer_DoNotHoldUpQuickOnes()
    {
        Meet("good", PaceLanes.LongestQuick);
        Add("hangs 1", "hangs 2", "hangs 3", "good");

        Assert.Equal(["hangs 1", "hangs 2", "good"], TakeAll());
    }

    [Fact]
    public void TryTake_KeyThatHasBecomeQuick_IsSlowNoMore()
    {
        Meet("s", Slow);
        Meet("s", TimeSpan.Zero);
        Meet("t", Slow);
        Add("t", "t", "s", "s");

        Assert.Equal(["t", "t", "s", "s"], TakeAll());
    }

    [Fact]
    public void TryTake_KeyWithManyCalls_HasNoMorePlacesInTheLineThanItMayHaveRunning()
    {
        foreach (var key in (string[])["a", "b", "c", "d"]) Meet(key, Slow);
        Add("b", "c");
        Assert.Equal(["b", "c"], TakeAll());
        Add("a", "a", "a", "a", "d");
        Assert.Empty(TakeAll());
        Release("b", Slow);
        Release("c", Slow);
        Assert.Equal(["a", "a"], TakeAll());

        Release("a", Slow);

        Assert.Equal(["d"], TakeAll());
    }

    [Fact]
    public void TryTake_RemovedWhileItWaitedInTheLine_GivesItsPlacesOn()
    {
        Add("a", "b");
        var gone = Add("c")[0];
        Add("d");
        Assert.Equal(["a", "b"], TakeAll());
        gone.State = ActivityRunState.Removed;
        _queue.Removed(gone);

        Release("a", TimeSpan.Zero);

        Assert.Equal(["d"], TakeAll());
        Release("b", TimeSpan.Zero);
        Release("d", TimeSpan.Zero);
        Assert.Equal((0, 0), (_queue.Running, _queue.Waiting));
        Add("e", "f", "c", "c");
        Assert.Equal(["e", "f"], TakeAll());
    }

    [Fact]
    public void TryTake_RemovedWhileItWaitedInTheLine_LeavesThePlaceOfItsKeyAtOnce()
    {
        Add("a", "b");
        var gone = Add("a")[0];
        Add("a", "a");
        Assert.Equal(["a", "b"], TakeAll());
        gone.State = ActivityRunState.Removed;
        _queue.Removed(gone);

        Release("a", TimeSpan.Zero);

        Assert.Equal(["a", "a"], TakeAll());
    }

    [Fact]
    public void Note_ManyKeys_KeepsTheLatestTenThousandAndForgetsTheOldest()
    {
        var lanes = new PaceLanes(4);
        lanes.Note("first", TimeSpan.Zero);
        for (var n = 0; n < 20_000; n++) lanes.Note($"{n}", TimeSpan.Zero);

        Assert.True(lanes.TryEnter("first", Run("first"), default));
        Assert.False(lanes.TryEnter("second", Run("second"), default));
        Assert.True(lanes.TryEnter("10000", Run("10000"), default));
        Assert.True(lanes.TryEnter("19999", Run("19999"), default));
    }

    private List<ActivityRun> Add(params string[] keys)
    {
        var runs = keys.Select(Run).ToList();
        foreach (var run in runs) _queue.Add(run, TimeSpan.Zero);
        return runs;
    }

    private ActivityRun Run(string key) => new(new ActivityCall("i", 1, 1, new ActivityScheduled(++_id, key, null, ActivityPriority.Low, key)));

    private void Meet(string key, TimeSpan took)
    {
        Add(key);
        Assert.Equal([key], TakeAll());
        Release(key, took);
    }

    private void Release(string key, TimeSpan took)
    {
        Assert.True(_running.Remove(key, out var run));
        _queue.Release(run, took);
    }

    private List<string> TakeAll()
    {
        List<string> keys = [];
        while (_queue.TryTake() is { } run)
        {
            keys.Add(run.Call.Scheduled.Name);
            _running[run.Call.Scheduled.Name] = run;
        }

        return keys;
    }
}
