namespace Troupe.Client;

/// <summary>The state of a run or a task.</summary>
public enum WorkStatus
{
    /// <summary>A word that this version of the client does not know.</summary>
    Unknown,
    Queued,
    Waiting,
    Running,
    Retrying,
    Paused,
    Completed,
    Failed,
    Cancelled,
    Skipped,
}

public static class WorkStatusExtensions
{
    /// <summary>Whether the work has ended for good.</summary>
    public static bool IsTerminal(this WorkStatus status) =>
        status is WorkStatus.Completed or WorkStatus.Failed or WorkStatus.Cancelled or WorkStatus.Skipped;
}
