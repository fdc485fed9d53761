using System.Text.Json;

namespace Troupe.Client;

/// <summary>What a run waits for that a person decides: an approval, or a question.</summary>
public sealed record ApprovalInfo
{
    public required string Id { get; init; }

    public string? WorkflowId { get; init; }

    /// <summary><c>approval</c> or <c>question</c>.</summary>
    public string? Kind { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>rejected</c>, <c>answered</c>, <c>timed_out</c> or <c>cancelled</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The user whose run asks.</summary>
    public string? AskedBy { get; init; }

    /// <summary>The task that asks while it runs.</summary>
    public string? TaskId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>The first deadline has passed, and more people may decide until <see cref="ExpiresAt"/>.</summary>
    public bool Escalated { get; init; }

    public int Reminders { get; init; }

    public QuorumInfo? Quorum { get; init; }

    /// <summary>Users, and groups as <c>group:name</c>; empty for every approver.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Whether the caller may decide it now.</summary>
    public bool MayDecide { get; init; }

    /// <summary>The caller's own decision.</summary>
    public string? MyDecision { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DecisionInfo> Decisions { get; init; } = [];

    /// <summary>What an approver changed of what runs next.</summary>
    public EditsInfo? Edits { get; init; }

    /// <summary>What kind of answer a question wants.</summary>
    public QuestionInfo? Question { get; init; }

    public ApprovalContextInfo? Context { get; init; }
}

/// <summary>Filters of a list of approvals and questions; null matches all.</summary>
public sealed record ApprovalQuery
{
    /// <summary><c>pending</c>, <c>decided</c>, or one status. Default <c>pending</c>.</summary>
    public string? Status { get; init; } = "pending";

    /// <summary><c>approval</c> or <c>question</c>.</summary>
    public string? Kind { get; init; }

    public string? WorkflowId { get; init; }

    /// <summary>Only open ones that the caller may decide and has not.</summary>
    public bool Mine { get; init; }
}

/// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Edits">With an approval: changes of what runs next.</param>
public sealed record DecisionRequest(string Decision, string? Comment = null, ApprovalEdits? Edits = null);

/// <param name="Prompts">New prompts by task key.</param>
/// <param name="Inputs">Inputs that replace the run's.</param>
public sealed record ApprovalEdits(
    IReadOnlyDictionary<string, string>? Prompts = null, IReadOnlyDictionary<string, JsonElement>? Inputs = null);

/// <summary>What of a run is to be done again.</summary>
/// <param name="From"><c>failed</c>, or the id of a task: it and all that depends on it runs again; other finished results are reused.</param>
public sealed record RerunRequest(string From = "failed")
{
    /// <summary>Inputs and options that are to differ.</summary>
    public JsonElement? Overrides { get; init; }
}
