using System.Text.Json;

namespace Troupe.Client;

/// <summary>One thing that happened in a run.</summary>
public sealed record RunEvent
{
    /// <summary>Where a stream resumes after this event.</summary>
    public string? Id { get; init; }

    /// <summary>For example <c>task.started</c>, <c>phase.completed</c>, <c>run.failed</c>.</summary>
    public string Type { get; init; } = "message";

    public string? WorkflowId { get; init; }

    public string? TaskId { get; init; }

    public long Sequence { get; init; }

    public DateTimeOffset? Time { get; init; }

    public JsonElement? Data { get; init; }
}
