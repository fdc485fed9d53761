using System.Text.Json.Serialization;

namespace Troupe.Client;

/// <summary>The answer to a launch: the work is accepted and durable.</summary>
public sealed record LaunchResponse
{
    /// <summary>The run's only task; null where the run has several.</summary>
    public string? TaskId { get; init; }

    /// <summary>The run's id.</summary>
    public required string WorkflowId { get; init; }

    public WorkStatus Status { get; init; }

    /// <summary>From that agent's history; null where there is none.</summary>
    public TimeSpan? EstimatedDuration { get; init; }

    public Uri? CheckStatusUrl { get; init; }

    public string? Message { get; init; }

    /// <summary>Of a batch: its tasks, in the order given; null otherwise.</summary>
    public IReadOnlyList<LaunchedTask>? Tasks { get; init; }

    /// <summary>The callbacks that the run waits for; null where there are none.</summary>
    public IReadOnlyList<LaunchedCallback>? Callbacks { get; init; }

    public DurableUrls? Durable { get; init; }
}

/// <param name="Token">Opens the URL without a key; told once, null in a repeated answer.</param>
public sealed record LaunchedCallback(string Name, Uri Url, string? Token = null);

public sealed record LaunchedTask(string TaskId, WorkStatus Status, Uri? CheckStatusUrl = null);

/// <summary>Addresses of the durable management API for one run. <c>{eventName}</c> and <c>{text}</c> are for the caller to fill in.</summary>
public sealed record DurableUrls
{
    public required string Id { get; init; }

    [JsonPropertyName("statusQueryGetUri")]
    public string? StatusQueryGetUri { get; init; }

    [JsonPropertyName("sendEventPostUri")]
    public string? SendEventPostUri { get; init; }

    [JsonPropertyName("terminatePostUri")]
    public string? TerminatePostUri { get; init; }

    [JsonPropertyName("suspendPostUri")]
    public string? SuspendPostUri { get; init; }

    [JsonPropertyName("resumePostUri")]
    public string? ResumePostUri { get; init; }

    [JsonPropertyName("rewindPostUri")]
    public string? RewindPostUri { get; init; }

    [JsonPropertyName("restartPostUri")]
    public string? RestartPostUri { get; init; }

    [JsonPropertyName("purgeHistoryDeleteUri")]
    public string? PurgeHistoryDeleteUri { get; init; }
}
