using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;

namespace Troupe.Core.Deliveries;

public enum DeliveryStatus
{
    /// <summary>On its way, or waiting for its next attempt.</summary>
    Pending,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>Every attempt failed, or the receiver wants no more. It can be redelivered on request.</summary>
    Dead,
}

/// <summary>One webhook to one address, or one message over another channel. Its id goes with every attempt, so that receivers can drop repeats.</summary>
public sealed record DeliveryRecord
{
    /// <summary>As <see cref="DeliveryIds.Of"/> makes it.</summary>
    public required string Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>The task it tells of, if any.</summary>
    public string? TaskId { get; init; }

    /// <summary>For example <c>task.completed</c> or <c>workflow.failed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The event of the run that it tells of.</summary>
    public required long Sequence { get; init; }

    /// <summary>The subscription that wants it; null for the run's or task's own <c>callback_url</c>.</summary>
    public string? SubscriptionId { get; init; }

    public required Uri Url { get; init; }

    /// <summary>The channel that brings a user a notification; null for webhooks that tell of the event itself.</summary>
    public string? Channel { get; init; }

    /// <summary>Whose notification it is.</summary>
    public string? User { get; init; }

    public string? NotificationId { get; init; }

    /// <summary>What it sums up, in place of one notification.</summary>
    public DigestWindow? Digest { get; init; }

    /// <summary>No attempt is made before; null for at once.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    public required DeliveryStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Null where no attempt is to come.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>1 at first; each redelivery on request is the next.</summary>
    public int Round { get; init; } = 1;

    /// <summary>Oldest first; the latest <see cref="MaxAttempts"/>.</summary>
    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    /// <summary>Attempts that are kept: 50.</summary>
    public const int MaxAttempts = 50;
}

/// <param name="Round">The delivery's round.</param>
/// <param name="Number">From 1 within the round.</param>
/// <param name="At">When it began.</param>
/// <param name="ResponseStatus">The HTTP status; null where no answer came.</param>
/// <param name="Response">The first KiB of the answer's body, untrusted text.</param>
/// <param name="Failure">Null where it was delivered.</param>
public sealed record DeliveryAttempt(int Round, int Number, DateTimeOffset At, int? ResponseStatus, string? Response, Failure? Failure);
