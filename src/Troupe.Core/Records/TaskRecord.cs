using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Records;

/// <summary>What queries know of a task. Its id is <c>{run}:{key}</c>, which is also its orchestration's.</summary>
public sealed record TaskRecord
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>Unique in the run; an item of a <c>for_each</c> is <c>{task}.{index}</c>.</summary>
    public required string Key { get; init; }

    public required string Title { get; init; }

    public required string Phase { get; init; }

    /// <summary>Its place in the order of definition.</summary>
    public required int Ordinal { get; init; }

    public string? Agent { get; init; }

    public required WorkStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Its part of the run, 0 to 1; all tasks of a run together are 1.</summary>
    public double Weight { get; init; }

    /// <summary>The number of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    public int MaxAttempts { get; init; }

    public DateTimeOffset? NextRetryAt { get; init; }

    /// <summary>What it is doing, in words for people.</summary>
    public string? CurrentStep { get; init; }

    public ExecutionMode Mode { get; init; }

    /// <summary>Why a hybrid task left its provider.</summary>
    public string? FallbackReason { get; init; }

    /// <summary>No way to run it by itself was left: it waits for a person's result.</summary>
    public bool RequiresImplementation { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>The process that last worked on it.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The answer came from the offline provider.</summary>
    public bool Simulated { get; init; }

    /// <summary>Of a <c>for_each</c>: the item as JSON.</summary>
    public Content? Item { get; init; }

    /// <summary>The prompt as sent, once rendered.</summary>
    public Content? Prompt { get; init; }

    public Content? Result { get; init; }

    public ResultType? ResultType { get; init; }

    /// <summary>The first characters of the result, for lists; at most 280.</summary>
    public string? Summary { get; init; }

    public IReadOnlyList<TaskFile> FilesCreated { get; init; } = [];

    public Failure? Error { get; init; }

    public Usage Usage { get; init; } = Usage.None;

    /// <summary>The task of the earlier run whose result this is.</summary>
    public string? ReusedFrom { get; init; }

    /// <summary>As in <see cref="RunRecord.Revision"/>.</summary>
    public long Revision { get; init; }
}

public enum ResultType
{
    Summary,
    File,
    Json,
}

/// <summary>A file that a task saved, by the path it chose inside the task (never a path on a disk).</summary>
public sealed record TaskFile(string Path, ArtifactRef Artifact);
