using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The loop of one run. All its state is rebuilt by replay.</summary>
internal sealed class RunExecution : IDisposable
{
    /// <summary>Tasks that the run's own instance may have as children; more go into parts.</summary>
    private const int MaxDirectTasks = 400;

    private readonly OrchestrationContext _context;
    private readonly string _runId;
    private readonly LoadedRun _run;
    private readonly Mailbox<Happening> _mailbox = new();
    private readonly TaskWindow _window;
    private readonly PartSet _parts;
    private readonly NodeSet _nodes;
    private readonly RunJournal _journal;
    private readonly RunProgress _progress;
    private DurableTimer? _startTimer;
    private DurableTimer? _deadline;
    private int _directTasks;
    private bool _held;
    private bool _paused;
    private bool _waiting;
    private bool _stopped;
    private Failure? _stopFailure;

    public RunExecution(OrchestrationContext context, string runId, LoadedRun run)
    {
        _context = context;
        _runId = runId;
        _run = run;
        _window = new TaskWindow(context, runId, run.PlanRef, run.Options.MaxConcurrency ?? RunDefaults.MaxConcurrency, _mailbox.Post);
        _parts = new PartSet(context, runId, run.PlanRef, _window, _mailbox.Post);
        _nodes = new NodeSet(context, runId, _mailbox.Post);
        _journal = new RunJournal(context, runId);
        _progress = new RunProgress(run.Plan, run.Finished);
    }

    public async Task<RunOutcome> RunAsync()
    {
        Inbox.Open(_context, envelope => _mailbox.Post(new MessageArrived(envelope)));
        await BeginAsync();
        while (true)
        {
            if (!_held && !_stopped && (!_paused || _progress.Finished) && await AdvanceAsync())
                continue;
            if (_stopped ? _window.Idle && _parts.Idle && _nodes.Idle : !_held && _progress.Finished)
                return await EndAsync();
            await ShowWhetherItWaitsAsync();
            await TakeAsync(await _mailbox.TakeAsync());
        }
    }

    public void Dispose()
    {
        _startTimer?.Dispose();
        _deadline?.Dispose();
        _nodes.Dispose();
    }

    private async Task BeginAsync()
    {
        if (_run.CancelRequested)
        {
            _stopped = true;
            return;
        }

        if (_run.PauseRequested)
            _paused = true;
        if (_run.StartAt is { } start && start > _context.CurrentUtcDateTime)
        {
            _held = true;
            _startTimer = DurableTimer.Start(_context, start, () => _mailbox.Post(new StartTimeReached()));
            await _journal.StatusAsync(WorkStatus.Waiting);
            return;
        }

        await StartAsync();
    }

    private async Task StartAsync()
    {
        _held = false;
        if (Shorter(_run.Options.Timeout, _run.Options.Budget?.Time) is { } limit)
            _deadline = DurableTimer.Start(_context, _context.CurrentUtcDateTime + limit, () => _mailbox.Post(new DeadlineReached()));
        await (_paused
            ? _journal.StatusAsync(WorkStatus.Paused, EventTypes.RunPaused)
            : _journal.StatusAsync(WorkStatus.Running, EventTypes.RunStarted));
    }

    /// <summary>A run in which nothing but gates and delays is open is waiting.</summary>
    private async Task ShowWhetherItWaitsAsync()
    {
        var waits = _window.Idle && _parts.Idle && _nodes.Waits;
        if (_held || _paused || _stopped || waits == _waiting)
            return;
        _waiting = waits;
        await _journal.StatusAsync(waits ? WorkStatus.Waiting : WorkStatus.Running);
    }

    /// <summary>Starts what is ready. True where something ended at once, such as a fan-out over nothing, so that more may be ready.</summary>
    private async Task<bool> AdvanceAsync()
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

    private async Task TakeAsync(Happening happening)
    {
        switch (happening)
        {
            case UnitEnded ended:
                _window.Release(ended.Unit);
                await TaskEndedAsync(ended.Unit, ended.Outcome);
                break;
            case PartEnded ended:
                foreach (var (unit, outcome) in _parts.End(ended))
                    await TaskEndedAsync(unit, outcome);
                break;
            case NodeEnded ended:
                _nodes.End(ended.Key);
                _progress.Finish(ended.Key, ended.Outcome);
                break;
            case StartTimeReached when _held && !_stopped:
                await StartAsync();
                break;
            case DeadlineReached:
                await StopAsync(new Failure(FailureKinds.TimedOut, "The run's time was up; what was still going on was cancelled."));
                break;
            case MessageArrived message:
                await ObeyAsync(message.Envelope);
                break;
        }
    }

    private async Task TaskEndedAsync(WorkUnit unit, TaskOutcome outcome)
    {
        // Only the run's cancel cancels a task, and the task may hear of it first.
        if (outcome.Node.Status == WorkStatus.Cancelled)
            await StopAsync(null);
        if (_progress.TaskEnded(unit, outcome) && unit.Index is not null)
            await EndGroupAsync(unit.Node, _progress.OutcomeOfGroup(unit.Node));
        if (_run.Options.Budget is { } budget && RunBudget.Exceeded(budget, _progress.Usage) is { } exceeded && !_progress.Finished)
            await StopAsync(exceeded);
    }

    private async Task EndGroupAsync(string key, NodeOutcome outcome)
    {
        var recorded = await _context.CallActivityAsync<NodeOutcome>(nameof(RecordGroup), new GroupEnd(_runId, key, outcome, _run.PlanRef));
        _progress.Finish(key, recorded);
    }

    private async Task ObeyAsync(Envelope command)
    {
        switch (command.Kind)
        {
            case EnvelopeKinds.Cancel:
                await StopAsync(null);
                break;
            case EnvelopeKinds.Pause when !_paused && !_stopped:
                _paused = true;
                _waiting = false;
                if (!_held)
                    await _journal.StatusAsync(WorkStatus.Paused, EventTypes.RunPaused);
                break;
            case EnvelopeKinds.Resume when _paused:
                _paused = false;
                if (!_held && !_stopped)
                    await _journal.StatusAsync(WorkStatus.Running, EventTypes.RunResumed);
                break;
            case EnvelopeKinds.Permits when command.Read<PermitReturn>() is { } returned:
                _parts.Return(returned);
                break;
        }
    }

    /// <summary>Starts nothing any more and tells what goes on to stop. Null for a cancel that somebody asked for.</summary>
    private async Task StopAsync(Failure? failure)
    {
        if (_stopped)
            return;
        _stopped = true;
        _stopFailure = failure;
        _startTimer?.Dispose();
        if (failure is not null)
            await _journal.WriteAsync(new RunChange { Stop = failure });
        _window.Cancel();
        _parts.Cancel();
        _nodes.Cancel();
    }

    private async Task<RunOutcome> EndAsync()
    {
        var failure = _stopped ? _stopFailure : _progress.FirstFailure();
        var status = failure is not null ? WorkStatus.Failed : _stopped ? WorkStatus.Cancelled : WorkStatus.Completed;
        _deadline?.Dispose();
        await _journal.WriteAsync(new RunChange { Status = status, Error = failure });
        return new RunOutcome(status, failure);
    }

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;
}
