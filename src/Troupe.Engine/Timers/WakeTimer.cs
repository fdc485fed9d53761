using Microsoft.Extensions.Logging;

namespace Troupe.Engine.Timers;

/// <summary>
/// Wakes instances when their time has come: never early, whatever the clock does. One real timer serves all; only wakes of the next
/// few minutes are in memory, the rest wait in the store and are loaded when they come near.
/// </summary>
internal sealed class WakeTimer : IAsyncDisposable
{
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    /// <summary>The longest sleep, so that a clock set forward is noticed.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, DateTime> _near = new();
    private readonly TimeProvider _time;
    private readonly Func<DateTime, DateTime, Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>>> _load;
    private readonly Action<string> _wake;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private DateTime _loadedUntil = DateTime.MinValue;
    private DateTime _armedFor = DateTime.MaxValue;
    private DateTime _loadAt = DateTime.MinValue;
    private bool _loading;

    public WakeTimer(
        TimeProvider time,
        Func<DateTime, DateTime, Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>>> load,
        Action<string> wake,
        ILogger logger)
    {
        _time = time;
        _load = load;
        _wake = wake;
        _logger = logger;
        _timer = time.CreateTimer(static state => ((WakeTimer)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    /// <summary>Loads what is near and wakes what is overdue.</summary>
    public async Task StartAsync()
    {
        await LoadAsync();
        OnTimer();
    }

    public void Schedule(string instanceId, DateTime wakeAt)
    {
        lock (_gate)
        {
            if (wakeAt > _loadedUntil) return;
            _near.Enqueue(instanceId, wakeAt);
            if (wakeAt < _armedFor) Arm();
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void OnTimer()
    {
        List<string> due = [];
        bool load;
        lock (_gate)
        {
            var now = Now;
            while (_near.TryPeek(out _, out var wakeAt) && wakeAt <= now) due.Add(_near.Dequeue());
            load = !_loading && now >= _loadAt;
            _loading |= load;
            Arm();
        }

        foreach (var instanceId in due) _wake(instanceId);
        if (load) _ = LoadMoreAsync();
    }

    private async Task LoadMoreAsync()
    {
        try
        {
            await LoadAsync();
        }
        // Tried again at the next tick; the timer must outlive a failing disk.
        catch (Exception exception)
        {
            _logger.TimersNotLoaded(exception);
            lock (_gate) _loadAt = Now + LoadRetry;
        }

        lock (_gate)
        {
            _loading = false;
            Arm();
        }
    }

    private async Task LoadAsync()
    {
        DateTime after, until;
        lock (_gate)
        {
            after = _loadedUntil;
            until = Now + Horizon;

            // From here on new wakes in that span come in by themselves; those committed before are in the store.
            _loadedUntil = until;
        }

        try
        {
            var wakes = await _load(after, until);
            lock (_gate)
            {
                foreach (var (instanceId, wakeAt) in wakes) _near.Enqueue(instanceId, wakeAt);
                _loadAt = until - (Horizon / 2);
            }
        }
        catch
        {
            lock (_gate) _loadedUntil = after;
            throw;
        }
    }

    private void Arm()
    {
        var now = Now;
        var next = _near.TryPeek(out _, out var wakeAt) ? wakeAt : DateTime.MaxValue;
        var nextLoad = _loading ? DateTime.MaxValue : _loadAt;
        var target = next < nextLoad ? next : nextLoad;
        var sleep = target - now;
        if (sleep > LongestSleep) sleep = LongestSleep;
        if (sleep <= TimeSpan.Zero) sleep = TimeSpan.Zero;
        else if (sleep < ShortestSleep) sleep = ShortestSleep;
        _armedFor = target;
        _timer.Change(sleep, Timeout.InfiniteTimeSpan);
    }
}
