using System.Text.Json;

namespace Troupe.Client;

/// <summary>Where a run stands.</summary>
public sealed record WorkflowInfo
{
    public required string WorkflowId { get; init; }

    /// <summary><c>task</c>, <c>workflow</c> or <c>batch</c>.</summary>
    public string? Kind { get; init; }

    public string? Name { get; init; }

    public WorkStatus Status { get; init; }

    public ProgressInfo? Progress { get; init; }

    public string? User { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public IReadOnlyList<PhaseInfo> Phases { get; init; } = [];

    public int TaskCount { get; init; }

    /// <summary>Tasks by status.</summary>
    public IReadOnlyDictionary<string, int>? TaskCounts { get; init; }

    public bool CancelRequested { get; init; }

    public FailureInfo? Error { get; init; }

    public UsageInfo? Usage { get; init; }

    /// <summary>What a person should look at, for example why the run is stuck.</summary>
    public string? Attention { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>The task whose result is the run's.</summary>
    public string? ResultTaskId { get; init; }
}

public sealed record PhaseInfo
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public WorkStatus Status { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>Which runs to list; what is null matches all.</summary>
public sealed record WorkflowFilter
{
    public WorkStatus? Status { get; init; }

    public string? Tag { get; init; }

    public string? Name { get; init; }

    public string? User { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>Runs a request, 1 to 500; it bounds memory, not how many come in all. Default 50.</summary>
    public int PageSize { get; init; } = 50;
}
