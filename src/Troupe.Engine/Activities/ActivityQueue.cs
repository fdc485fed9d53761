using System.Runtime.InteropServices;
using Troupe.Durable;

namespace Troupe.Engine.Activities;

/// <summary>
/// Which call runs next. Each call gets a fixed place: the time at which it came, put back by one ageing period for normal and two for
/// low priority. So high ones come first, and every call overtakes fresh ones of the next priority once it has waited a period. Calls
/// whose concurrency key is at its limit, or whose lane is full, wait aside without holding up others. Not safe for concurrent use.
/// </summary>
/// <param name="lanes">Where calls share the slots by their keys' pace; each then has a key.</param>
internal sealed class ActivityQueue(int maxRunning, Func<string, int?> keyLimit, TimeSpan ageing, PaceLanes? lanes = null)
{
    private readonly PriorityQueue<ActivityRun, (long Place, long Order)> _waiting = new();
    private readonly Dictionary<string, KeyState> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<ActivityPriority, int> _waitingOf = [];
    private long _order;

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>How many of them have that priority.</summary>
    public int WaitingOf(ActivityPriority priority) => _waitingOf.GetValueOrDefault(priority);

    public void Add(ActivityRun run, TimeSpan now)
    {
        var periods = ActivityPriority.High - run.Call.Scheduled.Priority;
        _waiting.Enqueue(run, (now.Ticks + (periods * ageing.Ticks), _order++));
        Count(run, 1);
    }

    /// <summary>Takes the next call that may run now; null where there is none.</summary>
    public ActivityRun? TryTake()
    {
        while (Running < maxRunning && _waiting.TryDequeue(out var run, out var place))
        {
            var key = run.Call.Scheduled.ConcurrencyKey;
            if (run.State == ActivityRunState.Removed)
            {
                LeavePlaces(run);
                continue;
            }

            // A place of the key is kept while waiting for one in the lane, so that keys with many calls do not fill its line.
            if (key is not null && !run.HasKey && !TryTakeKey(key, run, place)) continue;
            if (lanes is not null && run.Lane is null && !lanes.TryEnter(key!, run, place)) continue;
            Count(run, -1);
            Running++;
            return run;
        }

        return null;
    }

    /// <summary>Gives back what <see cref="TryTake"/> took.</summary>
    public void Release(ActivityRun run, TimeSpan took)
    {
        Running--;
        lanes?.Note(run.Call.Scheduled.ConcurrencyKey!, took);
        LeavePlaces(run);
    }

    /// <summary>Notes that a waiting call was removed: it is skipped when its turn comes, and leaves the places that it had for others.</summary>
    public void Removed(ActivityRun run)
    {
        Count(run, -1);
        if (run.HasKey || run.Lane is not null) LeavePlaces(run);
    }

    private void Count(ActivityRun run, int change)
    {
        Waiting += change;
        CollectionsMarshal.GetValueRefOrAddDefault(_waitingOf, run.Call.Scheduled.Priority, out _) += change;
    }

    private void LeavePlaces(ActivityRun run)
    {
        if (run.Lane?.Leave() is { } next) _waiting.Enqueue(next.Run, next.Place);
        run.Lane = null;
        if (run.Call.Scheduled.ConcurrencyKey is not { } key || !_keys.TryGetValue(key, out var state)) return;
        if (run.HasKey) state.Running--;
        run.HasKey = false;
        Unpark(key, state);
    }

    /// <summary>Puts the first call that waits aside for a key back in line.</summary>
    private void Unpark(string key, KeyState state)
    {
        while (state.Parked.TryDequeue(out var next, out var place))
        {
            if (next.State == ActivityRunState.Removed) continue;
            _waiting.Enqueue(next, place);
            return;
        }

        if (state.Running == 0) _keys.Remove(key);
    }

    private bool TryTakeKey(string key, ActivityRun run, (long Place, long Order) place)
    {
        if (keyLimit(key) is not { } limit) return true;
        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
        state ??= new KeyState();
        if (state.Running < limit)
        {
            state.Running++;
            run.HasKey = true;
            return true;
        }

        state.Parked.Enqueue(run, place);
        return false;
    }

    private sealed class KeyState
    {
        public int Running { get; set; }

        public PriorityQueue<ActivityRun, (long Place, long Order)> Parked { get; } = new();
    }
}
