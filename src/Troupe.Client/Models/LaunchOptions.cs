using System.Text.Json;

namespace Troupe.Client;

/// <summary>How launched work is to be executed. What is null is left to the workflow, the agent and the server's defaults.</summary>
public sealed record LaunchOptions
{
    /// <summary>Of one attempt of a task; of the whole for a workflow.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>After the first attempt, 0 to 20; the server's default is 3.</summary>
    public int? MaxRetries { get; init; }

    /// <summary><c>exponential</c>, <c>linear</c> or <c>fixed</c>.</summary>
    public string? RetryBackoff { get; init; }

    /// <summary><c>high</c>, <c>normal</c> or <c>low</c>.</summary>
    public string? Priority { get; init; }

    public Uri? CallbackUrl { get; init; }

    /// <summary><c>none</c>, <c>notify</c> or <c>callback</c> as a JSON string, or an object with <c>launch</c>.</summary>
    public JsonElement? OnCompletion { get; init; }

    /// <summary><c>fail</c>, <c>continue</c>, <c>callback</c> or <c>ask</c>: what happens once retries are spent.</summary>
    public string? OnFailure { get; init; }

    /// <summary>Tasks of the run that may go on at once, 1 to 500; the server's default is 10.</summary>
    public int? MaxConcurrency { get; init; }

    public LaunchBudget? Budget { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary><c>api</c>, <c>interactive</c> or <c>hybrid</c>.</summary>
    public string? Mode { get; init; }

    public bool? UseDirectLlm { get; init; }

    public TimeSpan? StartAfter { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public bool? RequiresApproval { get; init; }
}

/// <summary>Bounds of what a run may use; what is null is unbounded.</summary>
public sealed record LaunchBudget(decimal? Usd = null, long? Tokens = null, TimeSpan? Time = null);
