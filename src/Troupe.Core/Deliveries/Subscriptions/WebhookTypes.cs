using Troupe.Core.Records;

namespace Troupe.Core.Deliveries.Subscriptions;

/// <summary>What webhooks call the events of the log.</summary>
public static class WebhookTypes
{
    private static readonly Dictionary<string, string> ByEvent = new(StringComparer.Ordinal)
    {
        [EventTypes.RunQueued] = "workflow.queued",
        [EventTypes.RunStarted] = "workflow.started",
        [EventTypes.RunPaused] = "workflow.paused",
        [EventTypes.RunResumed] = "workflow.resumed",
        [EventTypes.RunCompleted] = "workflow.completed",
        [EventTypes.RunFailed] = "workflow.failed",
        [EventTypes.RunCancelled] = "workflow.cancelled",
        [EventTypes.PhaseStarted] = EventTypes.PhaseStarted,
        [EventTypes.PhaseCompleted] = EventTypes.PhaseCompleted,
        [EventTypes.MilestoneReached] = EventTypes.MilestoneReached,
        [EventTypes.TaskStarted] = EventTypes.TaskStarted,
        [EventTypes.TaskRetrying] = EventTypes.TaskRetrying,
        [EventTypes.TaskWaiting] = EventTypes.TaskWaiting,
        [EventTypes.TaskCompleted] = EventTypes.TaskCompleted,
        [EventTypes.TaskFailed] = EventTypes.TaskFailed,
        [EventTypes.TaskCancelled] = EventTypes.TaskCancelled,
        [EventTypes.TaskSkipped] = EventTypes.TaskSkipped,
        [EventTypes.ApprovalRequested] = EventTypes.ApprovalRequested,
        [EventTypes.ApprovalReminder] = EventTypes.ApprovalReminder,
        [EventTypes.ApprovalEscalated] = EventTypes.ApprovalEscalated,
        [EventTypes.ApprovalDecided] = EventTypes.ApprovalDecided,
        [EventTypes.ApprovalTimedOut] = EventTypes.ApprovalTimedOut,
        [EventTypes.QuestionAsked] = EventTypes.QuestionAsked,
        [EventTypes.QuestionAnswered] = EventTypes.QuestionAnswered,
        [EventTypes.QuestionTimedOut] = EventTypes.QuestionTimedOut,
        [EventTypes.CallbackAwaited] = EventTypes.CallbackAwaited,
        [EventTypes.CallbackReceived] = EventTypes.CallbackReceived,
        [EventTypes.CallbackRefused] = EventTypes.CallbackRefused,
        [EventTypes.CallbackTimedOut] = EventTypes.CallbackTimedOut,
    };

    /// <summary>Every type that can be subscribed to.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByEvent.Values];

    /// <summary>The webhook's type; null for events that are not sent.</summary>
    public static string? Of(string eventType) => ByEvent.GetValueOrDefault(eventType);

    /// <summary>Whether a subscription may name it: a type, the beginning of some before <c>.*</c>, or <c>*</c>.</summary>
    public static bool IsPattern(string text) => text == "*" || All.Contains(text, StringComparer.Ordinal)
        || (text.EndsWith(".*", StringComparison.Ordinal) && All.Any(type => type.AsSpan().StartsWith(text.AsSpan(0, text.Length - 1), StringComparison.Ordinal)));

    /// <summary>How a run or task has ended by an event that tells of it; null for all others.</summary>
    internal static WorkStatus? OutcomeOf(string eventType) => eventType switch
    {
        EventTypes.RunCompleted or EventTypes.TaskCompleted => WorkStatus.Completed,
        EventTypes.RunFailed or EventTypes.TaskFailed => WorkStatus.Failed,
        EventTypes.RunCancelled or EventTypes.TaskCancelled => WorkStatus.Cancelled,
        EventTypes.TaskSkipped => WorkStatus.Skipped,
        _ => null,
    };
}
