using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Executors;
using Troupe.Core.Following;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="SharedFollowerLease"/>: one of several processes follows the events, and another where that one is gone.</summary>
public abstract class FollowerLeaseContract : StoreContract
{
    private readonly ConcurrentQueue<(string Process, long Sequence)> _taken = [];

    [Fact]
    public async Task TryHoldAsync_HeldByAnother_IsRefused()
    {
        using var first = Lease("first");
        using var second = Lease("second");

        Assert.True(await first.TryHoldAsync(default));
        Assert.False(await second.TryHoldAsync(default));
        Assert.True(await first.TryHoldAsync(default));
    }

    [Fact]
    public async Task TryHoldAsync_AskedAgainInTime_IsKept()
    {
        using var first = Lease("first");
        using var second = Lease("second");
        await first.TryHoldAsync(default);

        Time.Advance(SharedFollowerLease.Duration * 0.9);
        Assert.True(await first.TryHoldAsync(default));
        Time.Advance(SharedFollowerLease.Duration * 0.9);

        Assert.False(await second.TryHoldAsync(default));
    }

    [Fact]
    public async Task TryHoldAsync_HolderIsGone_IsTakenOverByOneAlone()
    {
        using var gone = Lease("gone");
        await gone.TryHoldAsync(default);
        Time.Advance(SharedFollowerLease.Duration);
        var others = Enumerable.Range(0, 8).Select(n => Lease($"other-{n}")).ToList();

        var held = await Task.WhenAll(others.Select(static other => Task.Run(() => other.TryHoldAsync(default))));

        Assert.Single(held, static one => one);
        Assert.False(await gone.TryHoldAsync(default));
        others.ForEach(static other => other.Dispose());
    }

    [Fact]
    public async Task ReleaseAsync_Held_IsFreeAtOnce()
    {
        using var first = Lease("first");
        using var second = Lease("second");
        using var third = Lease("third");
        await first.TryHoldAsync(default);

        await third.ReleaseAsync(default);
        Assert.False(await second.TryHoldAsync(default));
        await first.ReleaseAsync(default);

        Assert.True(await second.TryHoldAsync(default));
        Assert.False(await first.TryHoldAsync(default));
    }

    [Fact]
    public async Task TryHoldAsync_AfterItsRelease_IsRefusedThoughNobodyHoldsIt()
    {
        using var first = Lease("first");
        await first.TryHoldAsync(default);

        await first.ReleaseAsync(default);

        Assert.False(await first.TryHoldAsync(default));
    }

    [Fact]
    public async Task TryHoldAsync_ClockIsSetBack_IsRenewedAllTheSame()
    {
        using var first = Lease("first");
        using var second = Lease("second");
        await first.TryHoldAsync(default);
        Time.JumpClock(-TimeSpan.FromHours(1));
        Time.Advance(SharedFollowerLease.Duration / 2);
        Assert.True(await first.TryHoldAsync(default));

        Time.Advance(SharedFollowerLease.Duration);

        Assert.True(await second.TryHoldAsync(default));
    }

    [Fact]
    public async Task CatchUpAsync_SeveralProcesses_TakeEachEventOnce()
    {
        var processes = Enumerable.Range(0, 4).Select(n => new Process(this, $"process-{n}")).ToList();
        for (var round = 0; round < 5; round++)
        {
            await AppendAsync(10);
            await Task.WhenAll(processes.Select(static process => Task.Run(() => process.Follower.CatchUpAsync(default))));
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(static n => (long)n), _taken.Select(static taken => taken.Sequence).Order());
        Assert.Single(_taken.Select(static taken => taken.Process).Distinct(StringComparer.Ordinal));
        processes.ForEach(static process => process.Dispose());
    }

    [Fact]
    public async Task CatchUpAsync_FollowerIsKilled_AnotherLosesNothing()
    {
        using var killed = new Process(this, "killed");
        using var other = new Process(this, "other");
        await AppendAsync(3);
        await killed.Follower.CatchUpAsync(default);
        await AppendAsync(3);

        Assert.Equal(0, await other.Follower.CatchUpAsync(default));
        Time.Advance(SharedFollowerLease.Duration);

        Assert.Equal(3, await other.Follower.CatchUpAsync(default));
        Assert.Equal([4, 5, 6], _taken.Where(static taken => taken.Process == "other").Select(static taken => taken.Sequence).Order());
    }

    private SharedFollowerLease Lease(string process) => new(Stores.Settings, new ExecutorIdentity(process), Time);

    private Task AppendAsync(int count) =>
        Stores.Events.AppendAsync("r", [.. Enumerable.Range(0, count).Select(static _ => new NewEvent("told", null, default))], default);

    private sealed class Process : IEventConsumer, IDisposable
    {
        private readonly FollowerLeaseContract _test;
        private readonly string _name;
        private readonly SharedFollowerLease _lease;

        public Process(FollowerLeaseContract test, string name)
        {
            (_test, _name, _lease) = (test, name, test.Lease(name));
            Follower = new EventFollower(
                test.Stores.Events, test.Stores.Cursors, test.Stores.Settings, _lease, [this], new ToldRuns(test.Stores.Runs), test.Time, NullLogger<EventFollower>.Instance);
        }

        public EventFollower Follower { get; }

        public bool Wants(string eventType) => true;

        public Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
        {
            _test._taken.Enqueue((_name, told.Sequence));
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            Follower.Dispose();
            _lease.Dispose();
        }
    }
}
