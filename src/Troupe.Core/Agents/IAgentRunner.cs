using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Agents;

/// <summary>Runs one turn of an agent: one answer of a model, of a local program, or the finding that a person is needed.</summary>
public interface IAgentRunner
{
    /// <summary>
    /// Expected failures are in the result; what it throws is a bug, or <see cref="OperationCanceledException"/> when the token is
    /// cancelled (a timed-out or cancelled call is stopped, a local program killed with its process tree).
    /// </summary>
    Task<AgentTurnResult> RunTurnAsync(AgentTurnRequest request, CancellationToken cancellationToken);
}

public sealed record AgentTurnRequest
{
    public required AgentDefinition Agent { get; init; }

    /// <summary>The conversation without the system prompt, oldest first; at least the user's prompt.</summary>
    public required IReadOnlyList<AgentMessage> Messages { get; init; }

    public ExecutionMode Mode { get; init; }

    public bool UseDirectLlm { get; init; } = true;

    /// <summary>From 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>From 1.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>Tools of ours that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Told of the text so far as it streams in; may be called often and must be cheap.</summary>
    public Action<string>? OnText { get; init; }
}

public enum MessageRole
{
    User,
    Assistant,
    Tool,
}

/// <param name="ToolCallId">For <see cref="MessageRole.Tool"/>: the call that this answers.</param>
public sealed record AgentMessage(
    MessageRole Role, string Text, IReadOnlyList<AgentToolCall>? ToolCalls = null, string? ToolCallId = null);

/// <param name="Arguments">A JSON object as text, as the model wrote it: untrusted.</param>
public sealed record AgentToolCall(string Id, string Name, string Arguments);

/// <param name="ParametersSchema">A JSON schema of an object, as text.</param>
public sealed record ToolDefinition(string Name, string Description, string ParametersSchema);

public enum TurnOutcome
{
    /// <summary>The agent is done; <see cref="AgentTurnResult.Text"/> is its result.</summary>
    Answer,

    /// <summary>The agent wants tools called first.</summary>
    ToolCalls,
    Failed,

    /// <summary>No way to run it by itself is left: a person must supply the result.</summary>
    NeedsPerson,
}

public sealed record AgentTurnResult
{
    public required TurnOutcome Outcome { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<AgentToolCall> ToolCalls { get; init; } = [];

    public Failure? Failure { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The provider that answered, for example <c>openai</c>.</summary>
    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>The offline provider answered.</summary>
    public bool Simulated { get; init; }

    /// <summary>Why a hybrid task left its provider: missing_dependencies, missing_api_key, provider_unavailable, rate_limited …</summary>
    public string? FallbackReason { get; init; }

    public static AgentTurnResult Fail(Failure failure) => new() { Outcome = TurnOutcome.Failed, Failure = failure };
}
