using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The work of a run: what the planner says is ready, what goes on, and what has come of it.</summary>
internal sealed class RunWork : IDisposable
{
    /// <summary>Tasks that the run's own instance may have as children; more go into parts.</summary>
    private const int MaxDirectTasks = 400;

    private readonly OrchestrationContext _context;
    private readonly string _runId;
    private readonly LoadedRun _run;
    private readonly RunJournal _journal;
    private readonly TaskWindow _window;
    private readonly PartSet _parts;
    private readonly NodeSet _nodes;
    private readonly RunProgress _progress;
    private int _directTasks;

    public RunWork(OrchestrationContext context, string runId, LoadedRun run, RunJournal journal, Action<Happening> post)
    {
        _context = context;
        _runId = runId;
        _run = run;
        _journal = journal;
        _window = new TaskWindow(context, runId, run.PlanRef, run.Options.MaxConcurrency ?? RunDefaults.MaxConcurrency, post);
        _parts = new PartSet(context, runId, run.PlanRef, _window, post);
        _nodes = new NodeSet(context, runId, post);
        _progress = new RunProgress(run.Plan, run.Finished);
    }

    /// <summary>Every node has ended.</summary>
    public bool Finished => _progress.Finished;

    /// <summary>Nothing goes on.</summary>
    public bool Idle => _window.Idle && _parts.Idle && _nodes.Idle;

    /// <summary>Nothing goes on but gates and delays.</summary>
    public bool OnlyWaits => _window.Idle && _parts.Idle && _nodes.Waits;

    public Failure? FirstFailure() => _progress.FirstFailure();

    /// <summary>Why the run must stop, where its budget is spent.</summary>
    public Failure? OverBudget() =>
        _run.Options.Budget is { } budget && !_progress.Finished ? RunBudget.Exceeded(budget, _progress.Usage) : null;

    /// <summary>Starts what is ready. True where something ended at once, such as a fan-out over nothing, so that more may be ready.</summary>
    public async Task<bool> AdvanceAsync()
    {
        var ended = false;
        var advance = _progress.Next();
        if (advance.ChangesRecords)
            await _journal.WriteAsync(new RunChange { Skipped = advance.Skipped, BegunPhases = advance.BegunPhases, EndedPhases = advance.EndedPhases });
        var units = new List<WorkUnit>();
        foreach (var node in advance.Ready)
        {
            if (node.Kind is PlanNodeKind.Gate or PlanNodeKind.Delay)
                _nodes.Start(node);
            else if (node.Kind == PlanNodeKind.ForEach)
                ended |= await ExpandAsync(node, units);
            else
                units.Add(new WorkUnit(node.Key, null));
        }

        Enqueue(units);
        _window.Fill();
        _parts.Fill();
        return ended;
    }

    public async Task TaskEndedAsync(UnitEnded ended)
    {
        _window.Release(ended.Unit);
        await CountAsync(ended.Unit, ended.Outcome);
    }

    public async Task PartEndedAsync(PartEnded ended)
    {
        foreach (var (unit, outcome) in _parts.End(ended))
            await CountAsync(unit, outcome);
    }

    public void NodeEnded(NodeEnded ended)
    {
        _nodes.End(ended.Key);
        _progress.Finish(ended.Key, ended.Outcome);
    }

    public void TakeBack(PermitReturn returned) => _parts.Return(returned);

    /// <summary>Tells everything that goes on to stop; nothing starts any more.</summary>
    public void Cancel()
    {
        _window.Cancel();
        _parts.Cancel();
        _nodes.Cancel();
    }

    public void Dispose() => _nodes.Dispose();

    /// <summary>Adds a task for each item. True where there is none, so that the node has ended.</summary>
    private async Task<bool> ExpandAsync(PlanNode node, List<WorkUnit> units)
    {
        var expansion = await _context.CallActivityAsync<Expansion>(nameof(ExpandForEach), new TaskInput(_runId, node.Key, null, _run.PlanRef));
        if (expansion.Failure is not null || expansion.Items == 0)
        {
            await EndGroupAsync(node.Key, expansion.Failure is null ? new NodeOutcome(WorkStatus.Completed) : new NodeOutcome(WorkStatus.Failed, expansion.Failure));
            return true;
        }

        _progress.OpenGroup(node.Key, expansion.Items);
        units.AddRange(Enumerable.Range(0, expansion.Items).Select(index => new WorkUnit(node.Key, index)));
        return false;
    }

    private void Enqueue(List<WorkUnit> units)
    {
        if (units.Count == 0)
            return;
        if (_directTasks + units.Count > MaxDirectTasks)
        {
            _parts.Add(units[0].Node, units);
            return;
        }

        _directTasks += units.Count;
        units.ForEach(_window.Enqueue);
    }

    private async Task CountAsync(WorkUnit unit, TaskOutcome outcome)
    {
        if (_progress.TaskEnded(unit, outcome) && unit.Index is not null)
            await EndGroupAsync(unit.Node, _progress.OutcomeOfGroup(unit.Node));
    }

    private async Task EndGroupAsync(string key, NodeOutcome outcome)
    {
        var recorded = await _context.CallActivityAsync<NodeOutcome>(nameof(RecordGroup), new GroupEnd(_runId, key, outcome, _run.PlanRef));
        _progress.Finish(key, recorded);
    }
}
