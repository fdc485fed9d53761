namespace Troupe.Client;

/// <summary>Where a task stands.</summary>
public sealed record TaskInfo
{
    public required string TaskId { get; init; }

    public required string WorkflowId { get; init; }

    /// <summary>Its key within the run, for example the id that the workflow's definition gives it.</summary>
    public string? Key { get; init; }

    public string? Title { get; init; }

    public string? Phase { get; init; }

    public string? Agent { get; init; }

    public WorkStatus Status { get; init; }

    public ProgressInfo? Progress { get; init; }

    /// <summary>What it asks people and nobody has answered yet; only of a single task that waits.</summary>
    public IReadOnlyList<ApprovalInfo> Questions { get; init; } = [];

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The number of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    public int MaxAttempts { get; init; }

    public DateTimeOffset? NextRetryAt { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>The process that last worked on it.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The answer comes from the offline provider.</summary>
    public bool Simulated { get; init; }

    public string? FallbackReason { get; init; }

    /// <summary>It waits for a person's result.</summary>
    public bool RequiresImplementation { get; init; }

    /// <summary>The first characters of the result.</summary>
    public string? Summary { get; init; }

    public FailureInfo? Error { get; init; }

    public UsageInfo? Usage { get; init; }
}

public sealed record ProgressInfo
{
    /// <summary>0 to 100; never goes back.</summary>
    public double Percent { get; init; }

    public string? CurrentStep { get; init; }

    /// <summary>Null where it is not known.</summary>
    public TimeSpan? EstimatedTimeRemaining { get; init; }
}

/// <param name="Kind">A word for programs, for example <c>timed_out</c>, <c>rate_limited</c>, <c>missing_api_key</c>.</param>
/// <param name="Message">For people.</param>
public sealed record FailureInfo(string Kind, string Message, bool Retryable = false, TimeSpan? RetryAfter = null);

/// <param name="CostUsd">Null where the model has no price in the server's table.</param>
public sealed record UsageInfo(long InputTokens = 0, long OutputTokens = 0, decimal? CostUsd = null);
