using Troupe.Core.Agents;
using Troupe.Core.Concurrency;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>The turns of a task's agent, and the tools that it calls between them.</summary>
internal sealed class TaskTurns(OrchestrationContext context, TaskInput input, PreparedTask prepared, TaskQuestions questions, PermitHolder permits, TaskJournal journal)
{
    /// <summary>A shorter wait for a permit is not worth being written down.</summary>
    private static readonly TimeSpan UnnoticedWait = TimeSpan.FromSeconds(2);

    private ActivityPriority Priority => (ActivityPriority)(int)prepared.Priority;

    /// <summary>One attempt: turns until the agent is done, has failed or needs a person.</summary>
    public async Task<TurnReport> RunAsync(int attempt)
    {
        var (left, usage) = (prepared.Timeout, Usage.None);
        for (var (turn, beginning) = (1, 0L); ; turn++)
        {
            var report = await EnterAsync(attempt);
            if (turn == 1)
                beginning = journal.Take();
            report ??= await TurnAsync(attempt, turn, beginning, left);
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
            await Task.WhenAll(asked.OfType<GateInput>().Select(questions.OpenAsync));
            await journal.WriteAsync(new TaskChange { Status = WorkStatus.Waiting, Attempt = attempt, CurrentStep = $"waiting for an answer: {first.Title}" });
        }

        await Task.WhenAll(calls.Select((call, number) => CallToolAsync(new ToolInput(journal.TaskId, attempt, turn, number, call), asked[number])));
        if (first is not null)
            await journal.WriteAsync(new TaskChange { Status = WorkStatus.Running, Attempt = attempt, CurrentStep = $"asking {prepared.Agent}" });
    }

    private async Task CallToolAsync(ToolInput call, GateInput? question)
    {
        if (question is not null)
            await questions.AskAsync(question);
        await context.CallActivityAsync<bool>(nameof(ToolCall), call with { Gate = question is null ? null : RunIds.Child(question.RunId, question.Key) });
    }

    /// <summary>Waits until one more agent may work. What the turn has come to without being run; null where it can be.</summary>
    private async Task<TurnReport?> EnterAsync(int attempt)
    {
        if (!await permits.TryEnterAsync(ConcurrencyKeys.AgentTurns, Priority, UnnoticedWait))
        {
            await journal.WriteAsync(new TaskChange { Status = WorkStatus.Waiting, Attempt = attempt, CurrentStep = "waiting for others: as many agents work as may at once" });
            await permits.WaitAsync();
            await journal.WriteAsync(new TaskChange { Status = WorkStatus.Running, Attempt = attempt, CurrentStep = $"asking {prepared.Agent}" });
        }

        if (!permits.IsCancelled)
            return null;
        permits.Leave();
        return TurnReport.Failed(new Failure(FailureKinds.Cancelled, "The run was cancelled."));
    }

    private async Task<TurnReport> TurnAsync(int attempt, int turn, long revision, TimeSpan left)
    {
        var request = new TurnInput
        {
            RunId = input.RunId,
            TaskId = journal.TaskId,
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
        try
        {
            return await context.CallActivityAsync<TurnReport>(
                nameof(AgentTurn), request, new ActivityOptions(Priority: Priority, ConcurrencyKey: ConcurrencyKeys.AgentTurns));
        }
        finally
        {
            permits.Leave();
        }
    }
}
