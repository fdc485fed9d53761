namespace Troupe.Durable;

/// <summary>The state of one instance as a client sees it.</summary>
public sealed record OrchestrationMetadata(string Name, string InstanceId)
{
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    public string Version { get; init; } = "";

    /// <summary>The orchestration that called this one (embedded engine; Durable Functions does not tell); null for a top-level instance.</summary>
    public string? ParentInstanceId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>The input as JSON; null where there is none or it was not asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>The output as JSON; null where there is none or it was not asked for.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>The custom status as JSON; null where none was set.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Why the instance failed; null unless it did.</summary>
    public FailureDetails? FailureDetails { get; init; }

    /// <summary>Why the instance cannot go on until its code is put right (embedded engine); null where it can.</summary>
    public string? BlockedReason { get; init; }
}
