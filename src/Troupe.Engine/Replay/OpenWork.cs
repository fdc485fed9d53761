namespace Troupe.Engine.Replay;

/// <summary>What an execution has begun and not ended: it follows from the history alone, without running any code.</summary>
internal sealed class OpenWork
{
    private readonly Dictionary<int, ActivityScheduled> _activities = [];
    private readonly Dictionary<int, ChildStarted> _children = [];
    private readonly Dictionary<int, DateTime> _timers = [];
    private readonly PriorityQueue<int, DateTime> _timersByDue = new();

    public IReadOnlyDictionary<int, ActivityScheduled> Activities => _activities;

    public IReadOnlyDictionary<int, ChildStarted> Children => _children;

    public IEnumerable<string> ChildIds => _children.Values.Select(static child => child.InstanceId);

    public bool IsEmpty => _activities.Count == 0 && _children.Count == 0 && _timers.Count == 0;

    /// <summary>When the next timer is due, or null where none is open.</summary>
    public DateTime? NextTimer
    {
        get
        {
            SkipClosedTimers();
            return _timersByDue.TryPeek(out _, out var due) ? due : null;
        }
    }

    public static OpenWork Of(IEnumerable<Step> history)
    {
        var open = new OpenWork();
        foreach (var step in history)
        {
            // A step never closes what it opens by a message, so the order between the two does not matter.
            foreach (var message in step.Messages) open.Close(message);
            foreach (var decision in step.Decisions) open.Apply(decision);
        }

        return open;
    }

    /// <summary>Whether that call or child is open.</summary>
    public bool IsTaskOpen(int id) => _activities.ContainsKey(id) || _children.ContainsKey(id);

    /// <summary>Whether the message ends something that is open, or has nothing to do with open work.</summary>
    public bool Expects(Message message) => message switch
    {
        TaskCompleted { TaskId: var id } => IsTaskOpen(id),
        TaskFailed { TaskId: var id } => IsTaskOpen(id),
        TimerFired { TimerId: var id } => _timers.ContainsKey(id),
        _ => true,
    };

    public void Apply(Decision decision)
    {
        switch (decision)
        {
            case ActivityScheduled activity:
                _activities.Add(activity.TaskId, activity);
                break;
            case ChildStarted child:
                _children.Add(child.TaskId, child);
                break;
            case TimerCreated timer:
                _timers.Add(timer.TimerId, timer.FireAt);
                _timersByDue.Enqueue(timer.TimerId, timer.FireAt);
                break;
            case TimerCancelled timer:
                _timers.Remove(timer.TimerId);
                break;
        }
    }

    public void Close(Message message)
    {
        switch (message)
        {
            case TaskCompleted { TaskId: var id }:
                CloseTask(id);
                break;
            case TaskFailed { TaskId: var id }:
                CloseTask(id);
                break;
            case TimerFired { TimerId: var id }:
                _timers.Remove(id);
                break;
        }
    }

    /// <summary>The open timers due by <paramref name="now"/>, earliest first.</summary>
    public IReadOnlyList<(int TimerId, DateTime FireAt)> DueTimers(DateTime now)
    {
        if (NextTimer is not { } next || next > now) return [];
        return [.. _timers.Where(timer => timer.Value <= now).OrderBy(static timer => timer.Value).ThenBy(static timer => timer.Key)
            .Select(static timer => (timer.Key, timer.Value))];
    }

    /// <summary>At most three of the open things in words, for logs.</summary>
    public string Describe()
    {
        var all = _activities.Values.Select(static activity => activity.Describe())
            .Concat(_children.Values.Select(static child => child.Describe()))
            .Concat(_timers.Select(static timer => new TimerCreated(timer.Key, timer.Value).Describe()));
        var count = _activities.Count + _children.Count + _timers.Count;
        var named = string.Join(", ", all.Take(3));
        return count > 3 ? $"{named} and {count - 3} more" : named;
    }

    private void CloseTask(int id)
    {
        if (!_activities.Remove(id)) _children.Remove(id);
    }

    private void SkipClosedTimers()
    {
        while (_timersByDue.TryPeek(out var id, out _) && !_timers.ContainsKey(id)) _timersByDue.Dequeue();
    }
}
