using System.Text.Json;
using Microsoft.Extensions.Logging;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Executors;
using Troupe.Core.Json;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>
/// One turn of an agent. It stores its report under task, attempt and turn before it returns, and looks for it first, so that a
/// repeat after a crash asks no model again. It ends itself when the attempt's time is up, and when its run is cancelled. Waiting for a
/// free place, for tools or for people takes nothing from that time.
/// </summary>
public sealed partial class AgentTurn(
    IRunStore runs, IArtifactStore artifacts, PlanCache plans, Conversations conversations, IAgentRunner runner, CancelWatch watch, ExecutorWork self, TimeProvider time, ILogger<AgentTurn> logger)
    : Activity<TurnInput, TurnReport>
{
    public override async Task<TurnReport> RunAsync(ActivityContext context, TurnInput input)
    {
        var key = TurnKeys.Turn(input.Attempt, input.Turn);
        if (await runs.GetTurnAsync(input.TaskId, key, context.CancellationToken) is { } stored)
            return JsonSerializer.Deserialize<TurnReport>(stored, TroupeJson.Options)!;
        if (input is { Attempt: > 1, Turn: 1 })
            await BeginAttemptAsync(input, context.CancellationToken);
        using var working = self.Begin(input.RunId, input.TaskId);
        var begun = time.GetTimestamp();
        var report = await RunTurnAsync(context, input) with { ExecutorId = self.Id };
        report = report with { Elapsed = time.GetElapsedTime(begun) };
        if (report.Failure?.Kind != FailureKinds.Cancelled)
            await Persistent.StoreAsync(
                () => runs.PutTurnAsync(input.TaskId, key, JsonSerializer.Serialize(report, TroupeJson.Options), context.CancellationToken), time, context.CancellationToken);
        return report;
    }

    private async Task<TurnReport> RunTurnAsync(ActivityContext context, TurnInput input)
    {
        if (input.Left <= TimeSpan.Zero)
            return TimedOut(input);
        using var lease = watch.Lease(input.RunId);
        using var deadline = new CancellationTokenSource(input.Left, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(lease.Token, deadline.Token, context.CancellationToken);
        try
        {
            var plan = await plans.GetAsync(input.Plan, any.Token);
            var request = await conversations.RequestAsync(plan, input, any.Token);
            return await ReportAsync(await runner.RunTurnAsync(request, any.Token), request.Agent, context.CancellationToken);
        }
        catch (OperationCanceledException) when (lease.Token.IsCancellationRequested)
        {
            return TurnReport.Failed(lease.IsBroken
                ? new Failure(FailureKinds.Internal, "The run's record could not be read, so that a cancel would have gone unnoticed.", Retryable: true)
                : new Failure(FailureKinds.Cancelled, "The run was cancelled."));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            return TimedOut(input);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !context.CancellationToken.IsCancellationRequested)
        {
            LogBug(logger, input.TaskId, input.Attempt, e);
            return TurnReport.Failed(new Failure(FailureKinds.Internal, $"{e.GetType().Name}: {e.Message}", Retryable: true, Detail: e.StackTrace));
        }
    }

    private async Task<TurnReport> ReportAsync(AgentTurnResult result, AgentDefinition agent, CancellationToken cancellationToken)
    {
        var isJson = IsJson(result.Text);
        if (result.Outcome == TurnOutcome.Answer && agent.OutputSchema is not null && !isJson)
            return TurnReport.Failed(new Failure(FailureKinds.InvalidOutput, $"The agent '{agent.Name}' has an output_schema but answered with something that is not a JSON object or list.", Retryable: true)) with { Usage = result.Usage };
        return new TurnReport
        {
            Outcome = result.Outcome,
            // An answer that was paid for is not asked for again because the disk is full.
            Text = await Persistent.StoreAsync(
                () => artifacts.ToContentAsync(result.Text, cancellationToken, isJson ? "application/json" : "text/markdown"), time, cancellationToken),
            Summary = result.Text.Trim().Shorten(280),
            IsJson = isJson,
            ToolCalls = result.ToolCalls,
            Failure = result.Failure,
            Usage = result.Usage,
            Provider = result.Provider,
            Model = result.Model,
            Simulated = result.Simulated,
            FallbackReason = result.FallbackReason,
        };
    }

    private static bool IsJson(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed is not (['{', .., '}'] or ['[', .., ']']))
            return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private Task BeginAttemptAsync(TurnInput input, CancellationToken cancellationToken) => runs.UpdateTaskAsync(
        input.TaskId,
        new Change<TaskRecord>(
            task => task with { Status = WorkStatus.Running, Attempt = input.Attempt, NextRetryAt = null, CurrentStep = $"asking {input.Agent}, attempt {input.Attempt}" },
            input.Revision,
            EventData.Of(EventTypes.TaskStarted, input.TaskId, $"started:{input.TaskId}:{input.Attempt}", new { input.Agent, input.Attempt })),
        cancellationToken);

    private static TurnReport TimedOut(TurnInput input) => TurnReport.Failed(new Failure(
        FailureKinds.TimedOut, $"The agent '{input.Agent}' did not answer within {input.Timeout.TotalSeconds:0.###} s and was cancelled. Raise the task's timeout if it needs longer.", Retryable: true));

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {TaskId}, attempt {Attempt}: the agent's turn threw")]
    private static partial void LogBug(ILogger logger, string taskId, int attempt, Exception exception);
}

/// <summary>One turn to run.</summary>
public sealed record TurnInput
{
    public required string RunId { get; init; }

    public required string TaskId { get; init; }

    public required string Node { get; init; }

    public required ArtifactRef Plan { get; init; }

    public required string Agent { get; init; }

    public required Content Prompt { get; init; }

    public required int Attempt { get; init; }

    public required int Turn { get; init; }

    /// <summary>Of the change that marks a further attempt as running.</summary>
    public required long Revision { get; init; }

    /// <summary>What the attempt's earlier turns have left of its timeout.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>Of the whole attempt.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <summary>How a turn ended; small, as histories keep it.</summary>
public sealed record TurnReport
{
    public required TurnOutcome Outcome { get; init; }

    public Content? Text { get; init; }

    public string? Summary { get; init; }

    public bool IsJson { get; init; }

    public IReadOnlyList<AgentToolCall> ToolCalls { get; init; } = [];

    public Failure? Failure { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>How long the turn took, without its wait for a free place.</summary>
    public TimeSpan Elapsed { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool Simulated { get; init; }

    public string? FallbackReason { get; init; }

    /// <summary>The process that ran the turn.</summary>
    public string? ExecutorId { get; init; }

    public static TurnReport Failed(Failure failure) => new() { Outcome = TurnOutcome.Failed, Failure = failure };
}
