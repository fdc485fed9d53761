namespace Troupe.Agents;

/// <summary>What an agent is to do.</summary>
public sealed record AgentTask
{
    public required string Prompt { get; init; }

    /// <summary>The longest that it may take. Default: the agent's own timeout, else no bound.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>False goes straight to the local command. Default true.</summary>
    public bool UseDirectLlm { get; init; } = true;

    /// <summary>Told of the text so far as it streams in, at most four times a second; must be cheap.</summary>
    public Action<string>? OnText { get; init; }
}
