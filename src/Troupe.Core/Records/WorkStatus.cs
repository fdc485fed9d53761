namespace Troupe.Core.Records;

/// <summary>The state of a run or a task; the same words everywhere.</summary>
public enum WorkStatus
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Held by a gate, a start time or a limit.</summary>
    Waiting,
    Running,

    /// <summary>An attempt failed; the next one has a time.</summary>
    Retrying,
    Paused,
    Completed,
    Failed,
    Cancelled,

    /// <summary>Never to run: its condition was false, or what it needs did not complete.</summary>
    Skipped,
}

public static class WorkStatusExtensions
{
    public static bool IsTerminal(this WorkStatus status) =>
        status is WorkStatus.Completed or WorkStatus.Failed or WorkStatus.Cancelled or WorkStatus.Skipped;
}
