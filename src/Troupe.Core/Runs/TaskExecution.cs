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
    private readonly TaskQuestions _questions = new(context);
    private long _revision = 1;
    private int _asks;
    private bool _cancelled;
    private Usage _usage = Usage.None;

    public void Post(Envelope envelope)
    {
        if (envelope.Kind == EnvelopeKinds.Cancel)
        {
            _cancelled = true;
            _questions.Cancel();
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
            await CallToolsAsync(attempt, turn, report.ToolCalls);
        }
    }

    /// <summary>Calls a turn's tools beside each other. While people are asked the task waits; that takes nothing from the attempt's time.</summary>
    private async Task CallToolsAsync(int attempt, int turn, IReadOnlyList<AgentToolCall> calls)
    {
        var asked = calls.Select((call, number) => AskHuman.GateOf(input, call, attempt, turn, number)).ToList();
        var first = asked.Find(static gate => gate is not null);
        if (first is not null)
        {
            await Task.WhenAll(asked.OfType<GateInput>().Select(_questions.OpenAsync));
            await RecordAsync(new TaskChange { Status = WorkStatus.Waiting, Attempt = attempt, CurrentStep = $"waiting for an answer: {first.Title}" });
        }

        await Task.WhenAll(calls.Select((call, number) => CallToolAsync(new ToolInput(_taskId, attempt, turn, number, call), asked[number])));
        if (first is not null)
            await RecordAsync(new TaskChange { Status = WorkStatus.Running, Attempt = attempt, CurrentStep = $"asking {prepared.Agent}" });
    }

    private async Task CallToolAsync(ToolInput call, GateInput? question)
    {
        if (question is not null)
            await _questions.AskAsync(question);
        await context.CallActivityAsync<bool>(nameof(ToolCall), call with { Gate = question is null ? null : RunIds.Child(question.RunId, question.Key) });
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
        var outcome = await _questions.AskAsync(new GateInput(input.RunId, key, gate.Title, gate, input.Key));
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
