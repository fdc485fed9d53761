using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>
/// One execution of an orchestrator as a pure step function: messages in, decisions out. It owns the code's thread, its open tasks and
/// its events; it knows no store, no clock and no other instance. The host owns everything else: it feeds messages, commits each step,
/// and carries the decisions out.
/// </summary>
internal sealed class OrchestrationMachine
{
    private readonly ExecutionScope _scope;
    private readonly IOrchestrator _orchestrator;
    private readonly ReplayContext _context;
    private readonly List<Message> _held = [];
    private EventVolume _heldEvents;
    private Decision? _outcome;
    private bool _started;

    public OrchestrationMachine(ExecutionIdentity identity, IOrchestrator orchestrator, PayloadConverter converter, ILoggerFactory loggers)
    {
        _scope = new ExecutionScope(identity, converter, loggers);
        _orchestrator = orchestrator;
        _context = new ReplayContext(_scope);
    }

    /// <summary>Everything begun and not ended.</summary>
    public OpenWork Open => _scope.Journal.Open;

    /// <summary>What this execution has set last, as JSON.</summary>
    public string? CustomStatus => _scope.CustomStatus;

    /// <summary>Whether this execution has set a custom status at all; one of the execution before stands until then.</summary>
    public bool HasSetCustomStatus => _scope.HasSetCustomStatus;

    public bool IsSuspended { get; private set; }

    /// <summary>The orchestrator has returned, but something that it began is still open.</summary>
    public bool AwaitsOpenWork => _outcome is not null && !HasEnded;

    public bool HasEnded { get; private set; }

    /// <summary>Events that nobody has received yet.</summary>
    public EventVolume KeptEvents => _scope.Events.KeptVolume + _heldEvents;

    /// <summary>The code was seen on a foreign thread: it awaited something that is not durable.</summary>
    public bool HasGoneAstray => _scope.Loop.SawForeignThread;

    /// <summary>Called on a foreign thread when the code turns out to await something that is not durable.</summary>
    public Action? OnIllegalAwait
    {
        get => _scope.Loop.OnForeignContinuation;
        set => _scope.Loop.OnForeignContinuation = value;
    }

    /// <summary>How many calls a retry policy has made again since this was asked last.</summary>
    public int TakeRetries()
    {
        var retries = _scope.Retries;
        _scope.Retries = 0;
        return retries;
    }

    /// <summary>Takes a new step.</summary>
    /// <exception cref="OrchestrationBlockedException">The code awaits what it must not. The machine is of no further use.</exception>
    public IReadOnlyList<Decision> Take(DateTime time, IReadOnlyList<Message> messages) => Run(time, messages, null);

    /// <summary>Brings a new machine to where its history ends.</summary>
    /// <exception cref="OrchestrationBlockedException">The code contradicts the history. The machine is of no further use.</exception>
    public void Replay(IEnumerable<Step> history)
    {
        foreach (var step in history) Run(step.Time, step.Messages, step.Decisions);
    }

    private IReadOnlyList<Decision> Run(DateTime time, IReadOnlyList<Message> messages, IReadOnlyList<Decision>? recorded)
    {
        _scope.Time = time;
        _scope.Journal.Begin(recorded);
        foreach (var message in messages) RunCode(message);
        if (_outcome is not null && !HasEnded && Open.IsEmpty && !IsSuspended)
        {
            HasEnded = true;
            _scope.Journal.Add(Conclude(_outcome));
        }

        var decisions = _scope.Journal.End();
        ThrowIfIllegal();
        return decisions;
    }

    private void RunCode(Message message)
    {
        try
        {
            _scope.Loop.Run(static state => state.Machine.Receive(state.Message), (Machine: this, Message: message));
        }
        // What the orchestrator's task does not hold has no one else to go to, and taking the step again would only repeat it.
        catch (Exception exception)
        {
            throw new StrayException(exception);
        }
    }

    private void Receive(Message message)
    {
        switch (message)
        {
            case ExecutionSuspended:
                IsSuspended = true;
                break;
            case ExecutionResumed:
                Resume();
                break;
            case ExecutionStarted or TaskCompleted or TaskFailed or TimerFired or EventRaised when IsSuspended:
                _held.Add(message);
                if (message is EventRaised raised) _heldEvents += raised.Volume;
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void Resume()
    {
        IsSuspended = false;
        var held = _held.ToArray();
        _held.Clear();
        _heldEvents = default;
        foreach (var message in held) Deliver(message);
    }

    private void Deliver(Message message)
    {
        if (!Open.Expects(message)) return;
        Open.Close(message);
        switch (message)
        {
            case ExecutionStarted started:
                _started = true;
                _scope.Input = started.Input;
                _ = RunOrchestratorAsync();
                break;
            case TaskCompleted done when _scope.Pending.Remove(done.TaskId, out var pending):
                pending.Task.Complete(done.Result);
                break;
            case TaskFailed failed when _scope.Pending.Remove(failed.TaskId, out var pending):
                pending.Task.Fail(new TaskFailedException(pending.Name, failed.TaskId, failed.Failure));
                break;
            case TimerFired fired when _scope.Pending.Remove(fired.TimerId, out var pending):
                pending.Task.Complete(null);
                break;
            case EventRaised raised:
                _scope.Events.Deliver(raised);
                break;
            case ExecutionRewound rewound:
                _scope.Journal.SentBefore.Add(rewound, Open);
                break;
        }
    }

    private async Task RunOrchestratorAsync()
    {
        try
        {
            var input = _scope.Converter.Deserialize(_scope.Input, _orchestrator.InputType);
            var output = await _orchestrator.RunAsync(_context, input);
            _outcome = _scope.NextExecution is { } next
                ? new ContinuedAsNew(next.Input, [])
                : new ExecutionCompleted(
                    OrchestrationRuntimeStatus.Completed, _scope.Converter.Serialize(output, _orchestrator.OutputType, "The output of the orchestration"), null);
        }
        // Whatever orchestrator code throws is the failure of its instance.
        catch (Exception exception)
        {
            _outcome = new ExecutionCompleted(OrchestrationRuntimeStatus.Failed, null, FailureDetails.FromException(exception));
        }
    }

    private Decision Conclude(Decision outcome) =>
        outcome is ContinuedAsNew next && _scope.NextExecution is { KeepEvents: true } ? next with { Carried = _scope.Events.Kept } : outcome;

    private void ThrowIfIllegal()
    {
        if (HasGoneAstray) throw IllegalAwaitException.OnForeignThread();
        if (_started && _outcome is null && !IsSuspended && Open.IsEmpty && !_scope.Events.AnyoneWaits)
            throw new IllegalAwaitException("waits, but nothing durable that it waits for is open");
    }
}
