namespace Troupe.Durable;

/// <summary>The state of an orchestration instance, in the words of Durable Functions.</summary>
public enum OrchestrationRuntimeStatus
{
    Running,
    Completed,
    ContinuedAsNew,
    Failed,
    Canceled,
    Terminated,
    Pending,
    Suspended,
}

public static class OrchestrationRuntimeStatusExtensions
{
    /// <summary>Whether an instance in this state will never take another step by itself.</summary>
    public static bool IsTerminal(this OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed
        or OrchestrationRuntimeStatus.Terminated
        or OrchestrationRuntimeStatus.Canceled;
}
