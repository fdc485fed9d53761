namespace Troupe.Engine.Activities;

/// <summary>
/// Shares slots out by how long the latest call of a key took. Keys that were not called before may together hold a quarter of the
/// slots, and those that were slow another quarter, so that however many of them never answer, half of the slots are there for keys that
/// are known to be quick. Not safe for concurrent use.
/// </summary>
internal sealed class PaceLanes(int slots)
{
    /// <summary>A call that takes longer makes its key slow, until one is quicker.</summary>
    public static readonly TimeSpan LongestQuick = TimeSpan.FromSeconds(2);

    /// <summary>Keys whose pace is remembered for certain; of up to as many more it may be.</summary>
    private const int Remembered = 10_000;

    private readonly Lane _unknown = new(Math.Max(1, slots / 4));
    private readonly Lane _slow = new(Math.Max(1, slots / 4));
    private readonly Lane _quick = new(slots);
    private Dictionary<string, Lane> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, Lane> _older = new(StringComparer.Ordinal);

    /// <summary>Gives the call a place in the lane of its key; where there is none, the call waits aside for one.</summary>
    public bool TryEnter(string key, ActivityRun run, (long Place, long Order) place)
    {
        var lane = LaneOf(key);
        if (!lane.TryEnter(run, place)) return false;
        run.Lane = lane;
        return true;
    }

    public void Note(string key, TimeSpan took)
    {
        if (_recent.Count >= Remembered) (_older, _recent) = (_recent, new Dictionary<string, Lane>(StringComparer.Ordinal));
        _recent[key] = took > LongestQuick ? _slow : _quick;
    }

    private Lane LaneOf(string key) => _recent.TryGetValue(key, out var lane) || _older.TryGetValue(key, out lane) ? lane : _unknown;

    /// <summary>Places for calls of one pace, and who waits for them.</summary>
    internal sealed class Lane(int places)
    {
        private readonly PriorityQueue<ActivityRun, (long Place, long Order)> _waiting = new();
        private int _running;

        public bool TryEnter(ActivityRun run, (long Place, long Order) place)
        {
            if (_running >= places)
            {
                _waiting.Enqueue(run, place);
                return false;
            }

            _running++;
            return true;
        }

        /// <summary>Gives a place back, or hands it on to the first call that waits, which is then put in line again.</summary>
        public (ActivityRun Run, (long Place, long Order) Place)? Leave()
        {
            while (_waiting.TryDequeue(out var next, out var place))
            {
                if (next.State == ActivityRunState.Removed) continue;
                next.Lane = this;
                return (next, place);
            }

            _running--;
            return null;
        }
    }
}
