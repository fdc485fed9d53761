using System.Globalization;
using Troupe.Core.Agents;
using Troupe.Core.Concurrency;
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
    private readonly TaskQuestions _questions = new(context);
    private readonly PermitHolder _permits = new(context, prepared.PermitsFrom);
    private readonly TaskJournal _journal = new(context, RunIds.Child(input.RunId, input.Key));
    private int _asks;
    private bool _cancelled;

    public void Post(Envelope envelope)
    {
        if (envelope.Kind == EnvelopeKinds.Cancel)
        {
            _cancelled = true;
            _questions.Cancel();
        }

        _permits.Post(envelope);
        _mailbox.Post(envelope);
    }

    public async Task<TaskOutcome> RunAsync()
    {
        var turns = new TaskTurns(context, input, prepared, _questions, _permits, _journal);
        for (var attempt = 1; ; attempt++)
        {
            var report = await turns.RunAsync(attempt);
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
        await _journal.WriteAsync(change);
        var goOn = change.Status == WorkStatus.Failed && prepared.OnFailure == OnFailure.Continue;
        return new TaskOutcome(new NodeOutcome(change.Status, change.Failure, goOn), _journal.Usage);
    }

    /// <summary>Waits before the next attempt. False where a cancel came first.</summary>
    private async Task<bool> BackOffAsync(int attempt, TurnReport report, Failure failure)
    {
        var due = context.CurrentUtcDateTime + RetryDelay.After(prepared.Backoff, attempt, _journal.TaskId, failure);
        await _journal.WriteAsync(new TaskChange
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
        await _journal.WriteAsync(new TaskChange
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
            if (await context.CallActivityAsync<TurnReport?>(nameof(TakeAnswer), _journal.TaskId) is { } answer)
                return await EndAsync(Completed(answer, attempt) with { FallbackReason = report.FallbackReason });
        }

        return await EndAsync(new TaskChange { Status = WorkStatus.Cancelled, Attempt = attempt });
    }

    /// <summary>With <see cref="OnFailure.Ask"/>: whether a person wants another attempt. False where a cancel came first.</summary>
    private async Task<bool> AskToRetryAsync(int attempt, TurnReport report, Failure failure)
    {
        await _journal.WriteAsync(new TaskChange { Status = WorkStatus.Waiting, Failure = failure, Attempt = attempt, Usage = report.Usage, CurrentStep = "waiting for a person: try again or give up" });
        if (_cancelled)
            return false;
        var key = string.Create(CultureInfo.InvariantCulture, $"{input.Key}.ask{++_asks}");
        var gate = new GateDefinition { Type = GateType.Approval, Title = $"'{input.Key}' failed. Try again?", Description = failure.Message };
        var outcome = await _questions.AskAsync(new GateInput(input.RunId, key, gate.Title, gate, input.Key));
        return outcome.Status == WorkStatus.Completed;
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
