using System.Text.Json.Serialization;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Records;

public enum GateKind
{
    Approval,
    Callback,

    /// <summary>An agent asks people.</summary>
    Question,
}

public enum GateStatus
{
    Pending,
    Approved,
    Rejected,

    /// <summary>A callback came.</summary>
    Received,

    /// <summary>A question was answered.</summary>
    Answered,
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

    /// <summary>The users, and groups as <c>group:name</c>, who may decide; empty for everybody with the role.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>The user whose run asks.</summary>
    public string? AskedBy { get; init; }

    /// <summary>The task that asks while it runs; null for a gate of the plan.</summary>
    public string? TaskKey { get; init; }

    /// <summary>What the first approver changed of what runs after the gate; later approvals agree to it.</summary>
    public GateEdits? Edits { get; init; }

    /// <summary>How often people were reminded.</summary>
    public int Reminders { get; init; }

    /// <summary>The first deadline has passed, and more people may decide until the second.</summary>
    public bool Escalated { get; init; }

    /// <summary>Who decided what and when, oldest first.</summary>
    public IReadOnlyList<GateDecision> Decisions { get; init; } = [];

    /// <summary>Of a question: what kind of answer it wants.</summary>
    public Question? Question { get; init; }

    public GateAnswer? Answer { get; init; }

    /// <summary>What the callback carried.</summary>
    public Content? Payload { get; init; }

    /// <summary>Whether the orchestration has taken the decision in; until then the keeper raises it again.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>The end of its run closed it, or counted its decision as taken in. A run that is rewound opens it again.</summary>
    public bool ClosedWithRun { get; init; }

    /// <summary>Closed, and its orchestration has not taken that in.</summary>
    [JsonIgnore]
    public bool IsUnacknowledged => !Acknowledged && Status != GateStatus.Pending;
}

/// <param name="Via">How it came where it did not come with a key, such as <c>link</c>.</param>
public sealed record GateDecision(string User, bool Approved, string? Comment, DateTimeOffset At, string? Via = null)
{
    /// <summary>Tells this decision from a repeat of it.</summary>
    public string? Id { get; init; }
}

/// <param name="Id">Tells this answer from a repeat of it.</param>
/// <param name="Value">A text as it is; JSON as JSON.</param>
public sealed record GateAnswer(string Id, string User, Content Value, DateTimeOffset At, bool IsJson = false);

/// <summary>A callback as received, kept whether or not anything waits for it yet.</summary>
public sealed record CallbackRecord(string RunId, string Name, string DeliveryId, Content Payload, DateTimeOffset ReceivedAt);
