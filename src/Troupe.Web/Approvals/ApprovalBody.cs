using Microsoft.AspNetCore.Http;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Web.Hosting;

namespace Troupe.Web.Approvals;

/// <summary>A question to a person.</summary>
internal sealed record ApprovalBody
{
    public required string Id { get; init; }

    public required string WorkflowId { get; init; }

    public required string Key { get; init; }

    public required GateKind Kind { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    public required GateStatus Status { get; init; }

    public string? AskedBy { get; init; }

    /// <summary>Of the task that asks while it runs.</summary>
    public string? TaskId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? Comment { get; init; }

    public bool Escalated { get; init; }

    public int Reminders { get; init; }

    public required QuorumBody Quorum { get; init; }

    /// <summary>Users, and groups as <c>group:name</c>; empty for every approver.</summary>
    public required IReadOnlyList<string> Approvers { get; init; }

    /// <summary>Whether the caller may decide.</summary>
    public bool MayDecide { get; init; }

    /// <summary>The caller's own decision.</summary>
    public string? MyDecision { get; init; }

    public required IReadOnlyList<DecisionBody> Decisions { get; init; }

    public EditsBody? Edits { get; init; }

    /// <summary>What kind of answer a question wants.</summary>
    public Core.Definitions.Question? Question { get; init; }

    public AnswerBody? Answer { get; init; }

    public ContextBody? Context { get; init; }

    public static ApprovalBody Of(GateRecord gate, Caller caller) => new()
    {
        Id = gate.Id,
        WorkflowId = gate.RunId,
        Key = gate.Key,
        Kind = gate.Kind,
        Title = gate.Title,
        Description = gate.Description,
        Status = gate.Status,
        AskedBy = gate.AskedBy,
        TaskId = gate.TaskKey is { } task ? Core.Runs.RunIds.Child(gate.RunId, task) : null,
        CreatedAt = gate.CreatedAt,
        ExpiresAt = gate.ExpiresAt,
        ClosedAt = gate.ClosedAt,
        ClosedBy = gate.ClosedBy,
        Comment = gate.Comment,
        Escalated = gate.Escalated,
        Reminders = gate.Reminders,
        Quorum = new QuorumBody(gate.Quorum, gate.Decisions.Count(static made => made.Approved)),
        Approvers = gate.Approvers,
        MayDecide = gate.Status == GateStatus.Pending && gate.MayBeDecidedBy(caller),
        MyDecision = gate.Decisions.FirstOrDefault(made => made.User == caller.User) is { } mine ? DecisionBody.Word(mine) : null,
        Decisions = [.. gate.Decisions.Select(DecisionBody.Of)],
        Edits = EditsBody.Of(gate.Edits),
        Question = gate.Question,
        Answer = gate.Answer is { } answer ? new AnswerBody(answer.User, answer.At, TextBody.Of(answer.Value)) : null,
    };

    public static ApprovalBody Of(HttpContext context, Urls urls, GateRecord gate, Caller caller, ApprovalContext? known) =>
        Of(gate, caller) with { Context = known is null ? null : ContextBody.Of(context, urls, gate, known) };
}

internal sealed record AnswerBody(string User, DateTimeOffset At, TextBody Value);

/// <param name="Needed">Approvals that it takes; one rejection rejects.</param>
internal sealed record QuorumBody(int Needed, int Approved);

/// <param name="Decision"><c>approve</c> or <c>reject</c>.</param>
/// <param name="Via">How it came where it did not come with a key, such as <c>link</c>.</param>
internal sealed record DecisionBody(string User, string Decision, string? Comment, DateTimeOffset At, string? Via)
{
    public static DecisionBody Of(GateDecision made) => new(made.User, Word(made), made.Comment, made.At, made.Via);

    public static string Word(GateDecision made) => made.Approved ? "approve" : "reject";
}
