namespace Troupe.Durable;

/// <summary>One event of an instance's history, in the words of the durable management API.</summary>
/// <param name="EventType">For example <c>ExecutionStarted</c>, <c>TaskScheduled</c>, <c>TaskCompleted</c>, <c>TimerCreated</c>.</param>
/// <param name="Timestamp">When it was recorded.</param>
public sealed record OrchestrationHistoryEvent(string EventType, DateTimeOffset Timestamp)
{
    /// <summary>The name of the activity, orchestrator or event.</summary>
    public string? Name { get; init; }

    /// <summary>When the call that this event completes was recorded.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>When a timer is due.</summary>
    public DateTimeOffset? FireAt { get; init; }

    /// <summary>The input or payload as JSON.</summary>
    public string? Input { get; init; }

    /// <summary>The result as JSON.</summary>
    public string? Result { get; init; }

    /// <summary>The reason of a failure, a suspend or a terminate.</summary>
    public string? Reason { get; init; }

    public OrchestrationRuntimeStatus? OrchestrationStatus { get; init; }
}
