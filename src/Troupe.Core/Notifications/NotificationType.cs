namespace Troupe.Core.Notifications;

/// <summary>What people are told of.</summary>
public enum NotificationType
{
    PhaseStart,
    PhaseComplete,
    TaskComplete,
    TaskFailure,
    Milestone,

    /// <summary>How a run stands: it has ended, or a task waits for somebody.</summary>
    Update,

    /// <summary>A decision is waited for.</summary>
    ApprovalRequested,

    /// <summary>Something is wrong that somebody should look at.</summary>
    Alert,
}
