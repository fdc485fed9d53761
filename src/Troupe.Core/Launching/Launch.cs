using System.Text.Json;
using Troupe.Core.Access;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Launching;

/// <summary>Who asks.</summary>
public sealed record Caller(string User)
{
    /// <summary>The groups that the user is in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What the user may do, with what that implies; everything where no keys are in use.</summary>
    public Roles Roles { get; init; } = Roles.All;
}

/// <summary>Something to run.</summary>
public abstract record Launch
{
    /// <summary>The run's id where the caller gives one: 1 to 64 letters, digits, <c>_</c>, <c>.</c>, <c>-</c>. It never overwrites a run.</summary>
    public string? Id { get; init; }

    public RunOptions Options { get; init; } = new();

    /// <summary>How many runs came before it, each launching the next at its end.</summary>
    internal int Generation { get; init; }
}

public sealed record TaskLaunch : Launch
{
    /// <summary>An agent's name or path; the generalist where null.</summary>
    public string? Agent { get; init; }

    public required string Prompt { get; init; }

    public string? Title { get; init; }
}

/// <summary>Either a name or an inline definition.</summary>
public sealed record WorkflowLaunch : Launch
{
    public string? Workflow { get; init; }

    public JsonElement? Definition { get; init; }

    public JsonElement? Inputs { get; init; }
}

public sealed record BatchLaunch : Launch
{
    /// <summary>1 to 1,000 tasks; their ids and start times do not count.</summary>
    public required IReadOnlyList<TaskLaunch> Tasks { get; init; }

    public string? Title { get; init; }
}

/// <param name="Key">As the caller gave it.</param>
/// <param name="BodyHash">Of the request's body.</param>
public sealed record Idempotency(string Key, string BodyHash);

public enum LaunchOutcome
{
    Accepted,

    /// <summary>The idempotency key was used for the same request before; the run is that one.</summary>
    Repeated,
    Invalid,

    /// <summary>The idempotency key was used for another request.</summary>
    KeyConflict,

    /// <summary>The run id is taken.</summary>
    IdTaken,
}

/// <param name="Run">The run; null where the launch was invalid.</param>
/// <param name="Tasks">Its first tasks in the order of definition, at most 1,000.</param>
/// <param name="Problems">Everything wrong with the launch.</param>
/// <param name="EstimatedDuration">From the agents' history; null where there is none.</param>
public sealed record LaunchResult(
    LaunchOutcome Outcome, RunRecord? Run, IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<Problem> Problems, TimeSpan? EstimatedDuration)
{
    /// <summary>The texts of the tokens that send the run's callbacks, by the callbacks' names: told this once, to whom the launch was accepted.</summary>
    public IReadOnlyDictionary<string, string> CallbackTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>A repeated launch tells none: they were told before, and only their hashes are known.</summary>
    internal LaunchResult WithTokens(CallbackTokens tokens) => Outcome == LaunchOutcome.Accepted ? this with { CallbackTokens = tokens.Texts } : this;

    public static LaunchResult Invalid(IReadOnlyList<Problem> problems) => new(LaunchOutcome.Invalid, null, [], problems, null);
}
