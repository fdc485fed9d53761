using Troupe.Core.Records;

namespace Troupe.Core.Planning;

/// <summary>
/// How far a plan is. Tell it what ended (<see cref="Finish"/>) and ask what is next (<see cref="Advance"/>); both cost only what they
/// touch. Deterministic: the same calls give the same answers.
/// </summary>
public sealed class PlanState
{
    private readonly NodeProgress[] _nodes;
    private readonly PhaseProgress[] _phases;
    private readonly Dictionary<string, NodeProgress> _byKey;
    private readonly SortedSet<int> _ready = [];
    private readonly SortedSet<int> _skipped = [];
    private readonly SortedSet<int> _phasesDone = [];
    private int _open;

    public PlanState(Plan plan)
        : this(plan, new Dictionary<string, NodeOutcome>(), new HashSet<string>())
    {
    }

    /// <summary>Takes the plan up where these outcomes and these started nodes leave it.</summary>
    public PlanState(Plan plan, IReadOnlyDictionary<string, NodeOutcome> finished, IReadOnlySet<string> started)
    {
        _phases = [.. plan.Phases.Select((phase, i) => new PhaseProgress(phase.Id, i))];
        var phases = _phases.ToDictionary(phase => phase.Id, StringComparer.Ordinal);
        _nodes = [.. plan.Nodes.Select((node, i) => new NodeProgress(node, i, phases[node.Phase]))];
        _byKey = _nodes.ToDictionary(node => node.Node.Key, StringComparer.Ordinal);
        _open = _nodes.Length;
        foreach (var node in _nodes)
            Connect(node, phases);
        Load(finished, started);
    }

    /// <summary>Whether every node has ended or been given out as skipped.</summary>
    public bool Finished => _open == 0;

    /// <summary>Records how a node ended. A node that has ended already, or that the plan does not have, is ignored.</summary>
    public void Finish(string key, NodeOutcome outcome)
    {
        if (!_byKey.TryGetValue(key, out var node) || node.Ended)
            return;
        _ready.Remove(node.Ordinal);
        End(node, outcome.Satisfies);
    }

    /// <summary>What is new since the last call. Ready nodes are given out once and count as started from then on.</summary>
    public PlanStep Advance()
    {
        List<string> startedPhases = [];
        foreach (var ordinal in _ready)
        {
            var node = _nodes[ordinal];
            node.Started = true;
            if (!node.Phase.Started)
                startedPhases.Add(node.Phase.Id);
            node.Phase.Started = true;
        }

        var step = new PlanStep(
            [.. _ready.Select(ordinal => _nodes[ordinal].Node)],
            [.. _skipped.Select(ordinal => _nodes[ordinal].Node)],
            startedPhases,
            [.. _phasesDone.Select(place => _phases[place].Id)],
            Finished);
        _ready.Clear();
        _skipped.Clear();
        _phasesDone.Clear();
        return step;
    }

    private void Connect(NodeProgress node, Dictionary<string, PhaseProgress> phases)
    {
        node.Phase.Open++;
        foreach (var need in node.Node.Needs)
        {
            _byKey[need].Dependents.Add(node);
            node.Missing++;
        }

        foreach (var phase in node.Node.AfterPhases)
        {
            phases[phase].Dependents.Add(node);
            node.Missing++;
        }
    }

    /// <summary>Outcomes come first, all of them: one that is known is never overruled by what it needed.</summary>
    private void Load(IReadOnlyDictionary<string, NodeOutcome> finished, IReadOnlySet<string> started)
    {
        foreach (var node in _nodes)
        {
            node.Known = finished.ContainsKey(node.Node.Key);
            node.Started = started.Contains(node.Node.Key);
            node.Phase.Started |= node.Started || (node.Known && finished[node.Node.Key].Status != WorkStatus.Skipped);
        }

        foreach (var node in _nodes.Where(node => node.Known))
            End(node, finished[node.Node.Key].Satisfies);
        foreach (var phase in _phases.Where(phase => phase.Open == 0 && !phase.Done))
            Complete(phase);
        foreach (var node in _nodes)
            Offer(node);
    }

    private void End(NodeProgress node, bool satisfies)
    {
        var ended = new Queue<(NodeProgress Node, bool Satisfies)>([(node, satisfies)]);
        node.Ended = true;
        while (ended.TryDequeue(out var next))
        {
            _open--;
            foreach (var dependent in next.Node.Dependents)
                Resolve(dependent, next.Satisfies, ended);
            var phase = next.Node.Phase;
            phase.Open--;
            if (!next.Satisfies && !phase.Failed)
            {
                phase.Failed = true;
                foreach (var dependent in phase.Dependents)
                    Resolve(dependent, satisfied: false, ended);
            }

            if (phase.Open == 0)
                Complete(phase);
        }
    }

    private void Complete(PhaseProgress phase)
    {
        phase.Done = true;
        _phasesDone.Add(phase.Place);
        if (phase.Failed)
            return;
        foreach (var dependent in phase.Dependents)
        {
            dependent.Missing--;
            Offer(dependent);
        }
    }

    private void Resolve(NodeProgress node, bool satisfied, Queue<(NodeProgress Node, bool Satisfies)> ended)
    {
        if (node.Ended || node.Known || node.Started)
            return;
        if (satisfied)
        {
            node.Missing--;
            Offer(node);
            return;
        }

        node.Ended = true;
        _ready.Remove(node.Ordinal);
        _skipped.Add(node.Ordinal);
        ended.Enqueue((node, false));
    }

    private void Offer(NodeProgress node)
    {
        if (node is { Missing: 0, Ended: false, Started: false, Known: false })
            _ready.Add(node.Ordinal);
    }
}
