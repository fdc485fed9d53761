using System.Globalization;
using Troupe.Core.Agents;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The attempts of one task. All its state is rebuilt by replay.</summary>
internal sealed class TaskExecution(OrchestrationContext context, TaskInput input, PreparedTask prepared)
{
    private readonly Mailbox<Envelope> _mailbox = new();
    private readonly string _taskId = RunIds.Child(input.RunId, input.Key);
    private long _revision = 1;
    private int _asks;
    private bool _cancelled;
    private Action? _onCancel;
    private Usage _usage = Usage.None;

    public void Post(Envelope envelope)
    {
        if (envelope.Kind == EnvelopeKinds.Cancel)
        {
            _cancelled = true;
            _onCancel?.Invoke();
        }

        _mailbox.Post(envelope);
    }

    public async Task<TaskOutcome> RunAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var report = await AttemptAsync(attempt);
            if (report.Outcome == TurnOutcome.NeedsPerson)
                return await AskForResultAsync(attempt, report);
            if (report.Failure is not { } failure)
                return await EndAsync(Completed(report, attempt));
            if (_cancelled || failure.Kind == FailureKinds.Cancelled)
                return await EndAsync(new TaskChange { Status = WorkStatus.Cancelled, Failure = failure, Attempt = attempt, Usage = report.Usage });
            var retries = failure.Retryable && attempt < prepared.MaxAttempts;
            if (!retries && prepared.OnFailure != OnFailure.Ask)
                return await EndAsync(new TaskChange { Status = WorkStatus.Failed, Failure = failure, Attempt = attempt, Usage = report.Usage });
            var goesOn = retries ? await BackOffAsync(attempt, report, failure) : await AskToRetryAsync(attempt, report, failure);
            if (!goesOn)
                return await EndAsync(new TaskChange { Status = _cancelled ? WorkStatus.Cancelled : WorkStatus.Failed, Failure = failure, Attempt = attempt });
        }
    }

    /// <summary>Writes the last change of the task.</summary>
    public async Task<TaskOutcome> EndAsync(TaskChange change)
    {
        await RecordAsync(change);
        var goOn = change.Status == WorkStatus.Failed && prepared.OnFailure == OnFailure.Continue;
        return new TaskOutcome(new NodeOutcome(change.Status, change.Failure, goOn), _usage);
    }

    private async Task<TurnReport> AttemptAsync(int attempt)
    {
        var beginning = ++_revision;
        var (left, usage) = (prepared.Timeout, Usage.None);
        for (var turn = 1; ; turn++)
        {
            var report = await TurnAsync(attempt, turn, beginning, left);
            left -= report.Elapsed;
            usage = usage.Add(report.Usage);
            if (report.Outcome != TurnOutcome.ToolCalls)
                return report with { Usage = usage };
            if (turn == RunDefaults.MaxTurns)
                return TurnReport.Failed(new Failure(FailureKinds.InvalidOutput, $"The agent '{prepared.Agent}' still called tools after {turn} turns; give it a smaller task.")) with { Usage = usage };
            await Task.WhenAll(report.ToolCalls.Select((call, number) =>
                context.CallActivityAsync<bool>(nameof(ToolCall), new ToolInput(_taskId, attempt, turn, number, call))));
        }
    }

    private Task<TurnReport> TurnAsync(int attempt, int turn, long revision, TimeSpan left)
    {
        var request = new TurnInput
        {
            RunId = input.RunId,
            TaskId = _taskId,
            Node = input.Node,
            Plan = input.Plan,
            Agent = prepared.Agent,
            Prompt = prepared.Prompt!,
            Attempt = attempt,
            Turn = turn,
            Revision = revision,
            Left = left,
            Timeout = prepared.Timeout,
        };
        return context.CallActivityAsync<TurnReport>(
            nameof(AgentTurn), request, new ActivityOptions(Priority: (ActivityPriority)(int)prepared.Priority, ConcurrencyKey: ConcurrencyKeys.AgentTurns));
    }

    /// <summary>Waits before the next attempt. False where a cancel came first.</summary>
    private async Task<bool> BackOffAsync(int attempt, TurnReport report, Failure failure)
    {
        var due = context.CurrentUtcDateTime + RetryDelay.After(prepared.Backoff, attempt, _taskId, failure);
        await RecordAsync(new TaskChange
        {
            Status = WorkStatus.Retrying,
            NextRetryAt = new DateTimeOffset(due, TimeSpan.Zero),
            Failure = failure,
            Attempt = attempt,
            Usage = report.Usage,
            Provider = report.Provider,
            Model = report.Model,
            ExecutorId = report.ExecutorId,
            CurrentStep = "waiting to try again",
        });
        var elapsed = new Envelope("", "");
        using var timer = DurableTimer.Start(context, due, () => _mailbox.Post(elapsed));
        while (!_cancelled)
        {
            if (ReferenceEquals(await _mailbox.TakeAsync(), elapsed))
                return true;
        }

        return false;
    }

    private async Task<TaskOutcome> AskForResultAsync(int attempt, TurnReport report)
    {
        await RecordAsync(new TaskChange
        {
            Status = WorkStatus.Waiting,
            Attempt = attempt,
            Usage = report.Usage,
            RequiresImplementation = true,
            FallbackReason = report.FallbackReason,
            CurrentStep = "waiting for a person's result",
        });
        while (!_cancelled)
        {
            if ((await _mailbox.TakeAsync()).Kind != EnvelopeKinds.Answer)
                continue;
            if (await context.CallActivityAsync<TurnReport?>(nameof(TakeAnswer), _taskId) is { } answer)
                return await EndAsync(Completed(answer, attempt) with { FallbackReason = report.FallbackReason });
        }

        return await EndAsync(new TaskChange { Status = WorkStatus.Cancelled, Attempt = attempt });
    }

    /// <summary>With <see cref="OnFailure.Ask"/>: whether a person wants another attempt. False where a cancel came first.</summary>
    private async Task<bool> AskToRetryAsync(int attempt, TurnReport report, Failure failure)
    {
        await RecordAsync(new TaskChange { Status = WorkStatus.Waiting, Failure = failure, Attempt = attempt, Usage = report.Usage, CurrentStep = "waiting for a person: try again or give up" });
        if (_cancelled)
            return false;
        var key = string.Create(CultureInfo.InvariantCulture, $"{input.Key}.ask{++_asks}");
        var gate = new GateDefinition { Type = GateType.Approval, Title = $"'{input.Key}' failed. Try again?", Description = failure.Message };
        var id = RunIds.Child(input.RunId, key);
        var decision = context.CallSubOrchestratorAsync<NodeOutcome>(
            nameof(GateOrchestrator), new GateInput(input.RunId, key, gate.Title, gate), new SubOrchestrationOptions(InstanceId: id, Version: context.Version));
        _onCancel = () => context.SendEvent(id, Inbox.EventName, new Envelope("cancel", EnvelopeKinds.Cancel));
        var outcome = await decision;
        _onCancel = null;
        return outcome.Status == WorkStatus.Completed;
    }

    private Task RecordAsync(TaskChange change)
    {
        _usage = _usage.Add(change.Usage);
        return context.CallActivityAsync(nameof(RecordTask), change with { TaskId = _taskId, Revision = ++_revision });
    }

    private static TaskChange Completed(TurnReport report, int attempt) => new()
    {
        Status = WorkStatus.Completed,
        Attempt = attempt,
        Usage = report.Usage,
        Result = report.Text,
        IsJson = report.IsJson,
        Summary = report.Summary,
        Provider = report.Provider,
        Model = report.Model,
        Simulated = report.Simulated,
        FallbackReason = report.FallbackReason,
        ExecutorId = report.ExecutorId,
    };
}
