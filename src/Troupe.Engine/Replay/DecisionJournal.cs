namespace Troupe.Engine.Replay;

/// <summary>Collects the decisions of the current step and, during replay, compares each with the one that was recorded.</summary>
internal sealed class DecisionJournal
{
    private List<Decision> _decisions = [];
    private IReadOnlyList<Decision>? _recorded;
    private NonDeterminismException? _mismatch;
    private int _lastId;
    private int _step = -1;
    private int _before;

    public OpenWork Open { get; } = new();

    public SentBefore SentBefore { get; } = new();

    public bool IsReplaying => _recorded is not null;

    /// <summary>The number for the next call, child or timer.</summary>
    public int NextId() => ++_lastId;

    /// <summary>Begins a step; with the recorded decisions where it is replayed.</summary>
    public void Begin(IReadOnlyList<Decision>? recorded)
    {
        _before += _decisions.Count;
        _decisions = [];
        _recorded = recorded;
        _step++;
    }

    public void Add(Decision decision)
    {
        var index = _decisions.Count;
        if (_recorded is null)
        {
            decision = SentBefore.Mark(decision);
            _decisions.Add(decision);
            Apply(decision);
            return;
        }

        // What was recorded stands: a changed payload or due time takes effect for new decisions only.
        _decisions.Add(decision);
        var recorded = index < _recorded.Count ? _recorded[index] : null;
        if (recorded?.Matches(decision) == true) Apply(recorded);
        else _mismatch ??= new NonDeterminismException(_step, _before + index, recorded, decision);
    }

    /// <summary>Ends the step and returns its decisions.</summary>
    /// <exception cref="NonDeterminismException">They are not the recorded ones.</exception>
    public IReadOnlyList<Decision> End()
    {
        if (_mismatch is not null) throw _mismatch;
        if (_recorded is not null && _recorded.Count > _decisions.Count)
            throw new NonDeterminismException(_step, _before + _decisions.Count, _recorded[_decisions.Count], null);
        SentBefore.Step(Open);
        return _decisions;
    }

    private void Apply(Decision decision)
    {
        Open.Apply(decision);
        SentBefore.Apply(decision);
    }
}
