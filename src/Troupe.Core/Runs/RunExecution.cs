using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The loop of one run: it begins, pauses, stops and ends it. All its state is rebuilt by replay.</summary>
internal sealed class RunExecution : IDisposable
{
    private readonly OrchestrationContext _context;
    private readonly LoadedRun _run;
    private readonly Mailbox<Happening> _mailbox = new();
    private readonly RunJournal _journal;
    private readonly RunWork _work;
    private DurableTimer? _startTimer;
    private DurableTimer? _deadline;
    private bool _held;
    private bool _paused;
    private bool _waiting;
    private bool _stopped;
    private Failure? _stopFailure;

    public RunExecution(OrchestrationContext context, string runId, LoadedRun run)
    {
        _context = context;
        _run = run;
        _journal = new RunJournal(context, runId);
        _work = new RunWork(context, runId, run, _journal, _mailbox.Post);
    }

    public async Task<RunOutcome> RunAsync()
    {
        Inbox.Open(_context, envelope => _mailbox.Post(new MessageArrived(envelope)));
        await BeginAsync();
        while (true)
        {
            if (!_held && !_stopped && (!_paused || _work.Finished) && await _work.AdvanceAsync())
                continue;
            if (_stopped ? _work.Idle : !_held && _work.Finished)
                return await EndAsync();
            await ShowWhetherItWaitsAsync();
            await TakeAsync(await _mailbox.TakeAsync());
        }
    }

    public void Dispose()
    {
        _startTimer?.Dispose();
        _deadline?.Dispose();
        _work.Dispose();
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
        var waits = _work.OnlyWaits;
        if (_held || _paused || _stopped || waits == _waiting)
            return;
        _waiting = waits;
        await _journal.StatusAsync(waits ? WorkStatus.Waiting : WorkStatus.Running);
    }

    private async Task TakeAsync(Happening happening)
    {
        switch (happening)
        {
            case UnitEnded ended:
                // Only the run's cancel cancels a task, and the task may hear of it first.
                if (ended.Outcome.Node.Status == WorkStatus.Cancelled)
                    await StopAsync(null);
                await _work.TaskEndedAsync(ended);
                await KeepToBudgetAsync();
                break;
            case PartEnded ended:
                if (ended.Outcome.Tasks.Any(static task => task.Node.Status == WorkStatus.Cancelled))
                    await StopAsync(null);
                await _work.PartEndedAsync(ended);
                await KeepToBudgetAsync();
                break;
            case NodeEnded ended:
                _work.NodeEnded(ended);
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

    private async Task KeepToBudgetAsync()
    {
        if (_work.OverBudget() is { } exceeded)
            await StopAsync(exceeded);
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
                _work.TakeBack(returned);
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
        _work.Cancel();
    }

    private async Task<RunOutcome> EndAsync()
    {
        var failure = _stopped ? _stopFailure : _work.FirstFailure();
        var status = failure is not null ? WorkStatus.Failed : _stopped ? WorkStatus.Cancelled : WorkStatus.Completed;
        _deadline?.Dispose();
        await _journal.WriteAsync(new RunChange { Status = status, Error = failure });
        return new RunOutcome(status, failure);
    }

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;
}
