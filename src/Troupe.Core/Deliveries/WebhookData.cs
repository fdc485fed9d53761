using System.Text.Json;
using Troupe.Core.Notifications;
using Troupe.Core.Records;

namespace Troupe.Core.Deliveries;

/// <summary>What a webhook tells of a run, or of one of its tasks. Times are UTC.</summary>
public sealed record WebhookData
{
    /// <summary>For a run, the task whose result is the run's; null where there is none.</summary>
    public string? TaskId { get; init; }

    /// <summary>How it has ended; null for events in between.</summary>
    public WorkStatus? Status { get; init; }

    public required string WorkflowId { get; init; }

    /// <summary>The event's place in its run: 1, 2, 3 … Messages may overtake one another.</summary>
    public long Sequence { get; init; }

    public required RunKind Kind { get; init; }

    /// <summary>The workflow's name or the task's title.</summary>
    public required string Name { get; init; }

    public string? Agent { get; init; }

    /// <summary>Attempts that the task took.</summary>
    public int? Attempt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? CompletedAt { get; init; }

    public ResultType? ResultType { get; init; }

    /// <summary>The result where it has at most 64 KiB: a JSON value where it is JSON, otherwise a string.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Where to get a larger result, or the results of a batch.</summary>
    public string? ResultUrl { get; init; }

    public WebhookError? Error { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>For a run: its tasks by status.</summary>
    public IReadOnlyDictionary<string, int>? TaskCounts { get; init; }

    /// <summary>What the event says: of an approval, for example, its gate and title.</summary>
    public JsonElement? Event { get; init; }

    /// <summary>What its user is told, where it goes by the webhook channel of notifications.</summary>
    public WebhookNotification? Notification { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Metadata { get; init; }
}

/// <summary>A notification as its user's webhook gets it.</summary>
public sealed record WebhookNotification(string Id, string User, NotificationType Type, string Title, string? Text, string? ApprovalId)
{
    internal static WebhookNotification? Of(NotificationRecord? notification) => notification is null
        ? null
        : new(notification.Id, notification.User, notification.Type, notification.Title, notification.Text, notification.GateId);
}

/// <summary>Why it failed, without what is for the log alone.</summary>
public sealed record WebhookError(string Kind, string Message, bool Retryable)
{
    internal static WebhookError? Of(Failure? failure) => failure is null ? null : new(failure.Kind, failure.Message, failure.Retryable);
}
