using System.Text.Json.Serialization;
using Troupe.Core.Artifacts;

namespace Troupe.Core.Records;

public enum GateKind
{
    Approval,
    Callback,
}

public enum GateStatus
{
    Pending,
    Approved,
    Rejected,

    /// <summary>A callback came.</summary>
    Received,
    TimedOut,
    Cancelled,
}

/// <summary>A point of a run that waits for a person or another system. Its id is its orchestration's, <c>{run}:{key}</c>.</summary>
public sealed record GateRecord
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required string Key { get; init; }

    public required GateKind Kind { get; init; }

    /// <summary>What is asked, for people; for a callback its name.</summary>
    public required string Title { get; init; }

    public string? Description { get; init; }

    public required GateStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>How many must approve; one rejection rejects.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>The users who may decide; empty for everybody with the role.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>The first deadline has passed, and more people may decide until the second.</summary>
    public bool Escalated { get; init; }

    /// <summary>Who decided what and when, oldest first.</summary>
    public IReadOnlyList<GateDecision> Decisions { get; init; } = [];

    /// <summary>What the callback carried.</summary>
    public Content? Payload { get; init; }

    /// <summary>Whether the orchestration has taken the decision in; until then the keeper raises it again.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>Closed, and its orchestration has not taken that in.</summary>
    [JsonIgnore]
    public bool IsUnacknowledged => !Acknowledged && Status != GateStatus.Pending;
}

public sealed record GateDecision(string User, bool Approved, string? Comment, DateTimeOffset At);

/// <summary>A callback as received, kept whether or not anything waits for it yet.</summary>
public sealed record CallbackRecord(string RunId, string Name, string DeliveryId, Content Payload, DateTimeOffset ReceivedAt);
