using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Executors;
using Troupe.Core.Following;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Following;

public sealed class EventFollowerTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryStores _stores;
    private readonly Taker _taker = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));

    public EventFollowerTests() => _stores = new InMemoryStores(_time);

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task CatchUp_ManyPages_TakesEachWantedEventOnce()
    {
        for (var n = 0; n < 600; n++)
            await AppendAsync(n % 3 == 0 ? "wanted" : "other");
        using var follower = Follower();

        Assert.Equal(600, await follower.CatchUpAsync(_patience.Token));
        Assert.Equal(0, await follower.CatchUpAsync(_patience.Token));

        Assert.Equal(200, _taker.Taken.Count);
        Assert.Equal(200, _taker.Taken.Distinct().Count());
    }

    [Fact]
    public async Task CatchUp_AnotherProcess_GoesOnWhereTheFirstStood()
    {
        await AppendAsync("wanted");
        using (var first = Follower()) await first.CatchUpAsync(_patience.Token);
        await AppendAsync("wanted");
        using var second = Follower();

        await second.CatchUpAsync(_patience.Token);

        Assert.Equal([1, 2], _taker.Taken.Order());
    }

    [Fact]
    public async Task CatchUp_Again_KnowsWhereItStands()
    {
        var cursors = new CountedCursors(_stores.Cursors);
        using var follower = Follower(cursors: cursors);
        for (var n = 0; n < 3; n++)
        {
            await AppendAsync("wanted");
            await follower.CatchUpAsync(_patience.Token);
        }

        Assert.Equal([1, 2, 3], _taker.Taken);
        Assert.Equal((1, 3L), (cursors.Reads, await _stores.Cursors.GetAsync("consumers", _patience.Token)));
    }

    [Fact]
    public async Task CatchUp_AnotherProcessFollowedMeanwhile_GoesOnWhereThatOneStood()
    {
        using var lease = Lease("self");
        using var otherLease = Lease("other");
        using var follower = Follower(lease);
        using var other = Follower(otherLease);
        await AppendAsync("wanted");
        await follower.CatchUpAsync(_patience.Token);
        await AppendAsync("wanted");
        _time.Advance(SharedFollowerLease.Duration);
        await other.CatchUpAsync(_patience.Token);
        Assert.Equal(0, await follower.CatchUpAsync(_patience.Token));
        await other.StandDownAsync(_patience.Token);
        await AppendAsync("wanted");

        await follower.CatchUpAsync(_patience.Token);

        Assert.Equal([1, 2, 3], _taker.Taken);
    }

    [Fact]
    public async Task CatchUp_StoppedInTheMiddle_OffersTheEventAgain()
    {
        await AppendAsync("wanted");
        using var stop = new CancellationTokenSource();
        _taker.Script = async (_, cancellation) =>
        {
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        };
        using (var first = Follower()) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.CatchUpAsync(stop.Token));
        _taker.Script = null;
        using var second = Follower();

        await second.CatchUpAsync(_patience.Token);

        Assert.Equal([1], _taker.Taken);
    }

    [Fact]
    public async Task CatchUp_ConsumerThatThrows_IsAskedFiveTimesThenItsEventIsSetAsideAndOfferedAgain()
    {
        await AppendAsync("wanted");
        await AppendAsync("wanted");
        var tries = 0;
        _taker.Script = (told, _) => told.Sequence == 1 && Interlocked.Increment(ref tries) > 0 ? throw new InvalidDataException("broken") : Task.CompletedTask;
        using var follower = Follower();

        var caughtUp = follower.CatchUpAsync(_patience.Token);
        for (var seconds = 1; seconds <= 8; seconds *= 2)
        {
            await TimerAsync();
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        Assert.Equal(2, await caughtUp);
        Assert.Equal((EventFollower.MaxTries, 2L), (tries, Assert.Single(_taker.Taken)));
        Assert.Equal(2, await _stores.Cursors.GetAsync("consumers", _patience.Token));

        await follower.RetryAsync(_patience.Token);
        Assert.Equal(EventFollower.MaxTries + 1, tries);
        _taker.Script = null;
        await follower.RetryAsync(_patience.Token);
        await follower.RetryAsync(_patience.Token);
        Assert.Equal([2, 1], _taker.Taken);
    }

    [Fact]
    public async Task CatchUp_WhileTheDiskIsFull_LeavesNothingOutAndSetsNothingAside()
    {
        await AppendAsync("wanted");
        await AppendAsync("wanted");
        var isFull = true;
        _taker.Script = (told, _) => isFull && told.Sequence == 2 ? throw new StoreUnavailableException("full") : Task.CompletedTask;
        using var follower = Follower();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => follower.CatchUpAsync(_patience.Token));
        isFull = false;

        await follower.CatchUpAsync(_patience.Token);

        Assert.Equal([1, 2], _taker.Taken.Distinct().Order());
        Assert.Empty(await _stores.Settings.ListAsync("event-set-aside", _patience.Token));
    }

    [Fact]
    public async Task Service_WhileTheDiskIsFull_GoesOnAfterFiveSeconds()
    {
        await AppendAsync("wanted");
        var (isFull, taken) = (true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _taker.Script = (_, _) =>
        {
            if (isFull) throw new StoreUnavailableException("full");
            taken.SetResult();
            return Task.CompletedTask;
        };
        using var follower = Follower();
        using var service = new EventFollowerService(follower, _time, NullLogger<EventFollowerService>.Instance);
        await service.StartAsync(_patience.Token);
        await TimerAsync();
        isFull = false;
        Assert.False(taken.Task.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(5));

        await taken.Task.WaitAsync(_patience.Token);
        await service.StopAsync(_patience.Token);
    }

    [Fact]
    public async Task Follow_Append_IsTakenAtOnce()
    {
        using var stop = new CancellationTokenSource();
        using var follower = Follower();
        var following = follower.FollowAsync(stop.Token);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _taker.Script = (told, _) =>
        {
            if (told.Sequence == 2) taken.SetResult();
            return Task.CompletedTask;
        };

        await AppendAsync("wanted");
        await AppendAsync("wanted");

        await taken.Task.WaitAsync(_patience.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Follow_SharedStores_LetsEventsGatherAndReadsThemOnce()
    {
        using var stop = new CancellationTokenSource();
        using var lease = Lease("self");
        var log = new CountedLog(_stores.Events);
        using var follower = Follower(lease, log);
        var (first, third) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _taker.Script = (told, _) =>
        {
            if (told.Sequence == 1) first.SetResult();
            if (told.Sequence == 3) third.SetResult();
            return Task.CompletedTask;
        };
        await AppendAsync("wanted");
        var following = follower.FollowAsync(stop.Token);
        await first.Task.WaitAsync(_patience.Token);

        await AppendAsync("wanted");
        await TimerAsync();
        await AppendAsync("wanted");
        Assert.False(third.Task.IsCompleted);
        _time.Advance(lease.Gathering);

        await third.Task.WaitAsync(_patience.Token);
        Assert.Equal(2, log.Reads);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task Follow_AnotherProcessFollows_StandsByUntilThatIsGone()
    {
        using var other = Lease("other");
        Assert.True(await other.TryHoldAsync(_patience.Token));
        using var stop = new CancellationTokenSource();
        using var lease = Lease("self");
        using var follower = Follower(lease);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _taker.Script = (_, _) =>
        {
            taken.SetResult();
            return Task.CompletedTask;
        };
        var following = follower.FollowAsync(stop.Token);
        await AppendAsync("wanted");
        await TimerAsync();
        Assert.False(taken.Task.IsCompleted);

        await other.ReleaseAsync(_patience.Token);
        _time.Advance(EventFollower.Standby);

        await taken.Task.WaitAsync(_patience.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Fact]
    public async Task StopService_LetsAnotherProcessFollowAtOnce()
    {
        using var lease = Lease("self");
        using var follower = Follower(lease);
        using var service = new EventFollowerService(follower, _time, NullLogger<EventFollowerService>.Instance);
        using var other = Lease("other");
        Assert.True(await lease.TryHoldAsync(_patience.Token));
        await service.StartAsync(_patience.Token);

        await service.StopAsync(_patience.Token);

        Assert.True(await other.TryHoldAsync(_patience.Token));
    }

    private SharedFollowerLease Lease(string process) => new(_stores.Settings, new ExecutorIdentity(process), _time);

    private EventFollower Follower(IFollowerLease? lease = null, IEventLog? log = null, ICursorStore? cursors = null) =>
        new(log ?? _stores.Events, cursors ?? _stores.Cursors, _stores.Settings, lease ?? new SoleFollower(), [_taker], new ToldRuns(_stores.Runs), _time, NullLogger<EventFollower>.Instance);

    private async Task TimerAsync()
    {
        while (_time.ActiveTimers == 0)
        {
            _patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task AppendAsync(string type) => _stores.Events.AppendAsync("r", [new NewEvent(type, null, default)], _patience.Token);

    private sealed class CountedCursors(ICursorStore cursors) : ICursorStore
    {
        public int Reads { get; private set; }

        public Task<long> GetAsync(string reader, CancellationToken cancellationToken)
        {
            Reads++;
            return cursors.GetAsync(reader, cancellationToken);
        }

        public Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken) => cursors.AdvanceAsync(reader, position, cancellationToken);
    }

    private sealed class CountedLog(IEventLog log) : IEventLog
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public Task<IReadOnlyList<RunEvent>> ReadAllAsync(long afterPosition, int limit, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return log.ReadAllAsync(afterPosition, limit, cancellationToken);
        }

        public Task AppendAsync(string runId, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken) => log.AppendAsync(runId, events, cancellationToken);

        public Task<IReadOnlyList<RunEvent>> ReadAsync(string runId, long afterSequence, int limit, CancellationToken cancellationToken) =>
            log.ReadAsync(runId, afterSequence, limit, cancellationToken);

        public Task<long> GetLastPositionAsync(CancellationToken cancellationToken) => log.GetLastPositionAsync(cancellationToken);

        public Task WaitForAppendAsync(string? runId, CancellationToken cancellationToken) => log.WaitForAppendAsync(runId, cancellationToken);
    }

    private sealed class Taker : IEventConsumer
    {
        public ConcurrentQueue<long> Taken { get; } = [];

        public Func<RunEvent, CancellationToken, Task>? Script { get; set; }

        public bool Wants(string eventType) => eventType == "wanted";

        public async Task TakeAsync(RunEvent told, CancellationToken cancellationToken)
        {
            if (Script is not null) await Script(told, cancellationToken);
            Taken.Enqueue(told.Sequence);
        }
    }
}
