using Troupe.Core.Records;

namespace Troupe.Web.Approvals;

/// <summary>A question to a person.</summary>
internal sealed record ApprovalBody(
    string Id,
    string WorkflowId,
    string Key,
    string Title,
    string? Description,
    GateStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? ClosedAt,
    string? ClosedBy,
    string? Comment,
    IReadOnlyList<DecisionBody> Decisions)
{
    public static ApprovalBody Of(GateRecord gate) => new(
        gate.Id,
        gate.RunId,
        gate.Key,
        gate.Title,
        gate.Description,
        gate.Status,
        gate.CreatedAt,
        gate.ExpiresAt,
        gate.ClosedAt,
        gate.ClosedBy,
        gate.Comment,
        [.. gate.Decisions.Select(static made => new DecisionBody(made.User, made.Approved ? "approve" : "reject", made.Comment, made.At))]);
}

/// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
internal sealed record DecisionBody(string User, string Decision, string? Comment, DateTimeOffset At);
