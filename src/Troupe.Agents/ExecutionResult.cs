using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents;

/// <summary>What came of a task.</summary>
public sealed record ExecutionResult
{
    /// <summary>The agent that was asked.</summary>
    public required string Agent { get; init; }

    /// <summary>Whether <see cref="Text"/> is the agent's whole answer.</summary>
    public bool Succeeded { get; init; }

    public string Text { get; init; } = "";

    /// <summary>Why it failed; null otherwise.</summary>
    public Failure? Failure { get; init; }

    /// <summary>No way to run it by itself is left: a person must supply the result.</summary>
    public bool RequiresImplementation { get; init; }

    /// <summary>Why a hybrid task left its provider; null where it did not.</summary>
    public string? FallbackReason { get; init; }

    /// <summary>The offline provider answered: no model was called.</summary>
    public bool Simulated { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    public TimeSpan Duration { get; init; }

    internal static ExecutionResult Of(string agent, AgentTurnResult result, Usage usage, TimeSpan duration) => new()
    {
        Agent = agent,
        Succeeded = result.Outcome == TurnOutcome.Answer,
        Text = result.Text,
        Failure = result.Failure,
        RequiresImplementation = result.Outcome == TurnOutcome.NeedsPerson,
        FallbackReason = result.FallbackReason,
        Simulated = result.Simulated,
        Provider = result.Provider,
        Model = result.Model,
        Usage = usage,
        Duration = duration,
    };
}
