using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>Where a run stands: what has started, what has ended and how. Pure bookkeeping around the planner.</summary>
internal sealed class RunProgress(Plan plan, IReadOnlyDictionary<string, NodeOutcome> finished)
{
    private readonly PlanState _state = new(plan, finished, new HashSet<string>());
    private readonly Dictionary<string, NodeOutcome> _outcomes = new(finished, StringComparer.Ordinal);
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public bool Finished => _state.Finished;

    public Usage Usage { get; private set; } = Usage.None;

    /// <summary>Asks the planner what is next and takes in what can never start.</summary>
    public Advance Next()
    {
        var step = _state.Advance();
        return new Advance(
            step.Ready,
            [.. step.Skipped.Select(Skip)],
            step.StartedPhases,
            [.. step.FinishedPhases.Select(End)]);
    }

    public void Finish(string key, NodeOutcome outcome)
    {
        _outcomes[key] = outcome;
        _state.Finish(key, outcome);
    }

    public void OpenGroup(string key, int items) => _groups[key] = new Group(items);

    /// <summary>Takes in the end of a task. True when the node it belongs to has thereby ended (a group: with its last item).</summary>
    public bool TaskEnded(WorkUnit unit, TaskOutcome outcome)
    {
        Usage = Usage.Add(outcome.Usage);
        if (unit.Index is null)
        {
            Finish(unit.Node, outcome.Node);
            return true;
        }

        return _groups[unit.Node].ItemEnded(outcome.Node);
    }

    public NodeOutcome OutcomeOfGroup(string key) => _groups[key].Outcome(key);

    /// <summary>The first failure that makes the run fail; null where none does.</summary>
    public Failure? FirstFailure()
    {
        var failed = plan.Nodes.FirstOrDefault(node => _outcomes.TryGetValue(node.Key, out var outcome) && outcome is { Status: WorkStatus.Failed or WorkStatus.Cancelled, Continue: false });
        return failed is null ? null : Describe(failed, _outcomes[failed.Key].Failure);
    }

    private static Failure Describe(PlanNode node, Failure? cause) =>
        new(cause?.Kind ?? FailureKinds.TaskFailed, $"'{node.Key}' failed: {cause?.Message ?? "no reason is known."}");

    private SkippedTask Skip(PlanNode node)
    {
        var failure = new Failure(FailureKinds.TaskFailed, $"Not started: {Blocker(node)} did not complete.");
        _outcomes[node.Key] = new NodeOutcome(WorkStatus.Skipped, failure);
        return new SkippedTask(node.Key, node.Kind is PlanNodeKind.Task or PlanNodeKind.ForEach, failure);
    }

    private string Blocker(PlanNode node)
    {
        if (node.Needs.FirstOrDefault(key => _outcomes.TryGetValue(key, out var outcome) && !outcome.Satisfies) is { } needed)
            return $"'{needed}', which it needs,";
        return $"a phase that it comes after ({string.Join(", ", node.AfterPhases)})";
    }

    private EndedPhase End(string id)
    {
        var status = StatusOf(id);
        var reached = status == WorkStatus.Completed ? plan.Phases.First(phase => phase.Id == id).Milestone : null;
        return new EndedPhase(id, status, reached);
    }

    private WorkStatus StatusOf(string phase)
    {
        var outcomes = plan.Nodes.Where(node => node.Phase == phase).Select(node => _outcomes[node.Key]).ToList();
        if (outcomes.Exists(static outcome => outcome is { Status: WorkStatus.Failed, Continue: false }))
            return WorkStatus.Failed;
        if (outcomes.Exists(static outcome => outcome.Status == WorkStatus.Cancelled))
            return WorkStatus.Cancelled;
        return outcomes.TrueForAll(static outcome => outcome.Status == WorkStatus.Skipped) ? WorkStatus.Skipped : WorkStatus.Completed;
    }

    private sealed class Group(int items)
    {
        private readonly List<NodeOutcome> _failures = [];
        private int _ended;

        public bool ItemEnded(NodeOutcome outcome)
        {
            if (!outcome.Satisfies)
                _failures.Add(outcome);
            return ++_ended == items;
        }

        public NodeOutcome Outcome(string key)
        {
            if (_failures.Count == 0)
                return new NodeOutcome(WorkStatus.Completed);
            var first = _failures[0];
            return new NodeOutcome(
                first.Status == WorkStatus.Cancelled ? WorkStatus.Cancelled : WorkStatus.Failed,
                new Failure(first.Failure?.Kind ?? FailureKinds.TaskFailed, $"{_failures.Count} of {items} items of '{key}' did not complete; the first: {first.Failure?.Message}"));
        }
    }
}

/// <summary>What a run does next.</summary>
internal sealed record Advance(
    IReadOnlyList<PlanNode> Ready, IReadOnlyList<SkippedTask> Skipped, IReadOnlyList<string> BegunPhases, IReadOnlyList<EndedPhase> EndedPhases)
{
    public bool ChangesRecords => Skipped.Count + BegunPhases.Count + EndedPhases.Count > 0;
}

public sealed record SkippedTask(string Key, bool HasRecord, Failure Failure);

/// <param name="Milestone">What was reached by it; null for nothing worth telling.</param>
public sealed record EndedPhase(string Id, WorkStatus Status, string? Milestone = null);
