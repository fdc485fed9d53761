using Microsoft.AspNetCore.Http;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Web.Errors;

namespace Troupe.Web.Approvals;

/// <summary>Why a decision does not count, with who made the one that does.</summary>
internal static class Refusals
{
    public static ApiProblem NotAllowed(GateRecord gate) => new(
        StatusCodes.Status403Forbidden, $"Only {string.Join(", ", gate.Approvers)} may decide this.")
    {
        Kind = "not-an-approver",
        Members = new Dictionary<string, object?> { ["approvers"] = gate.Approvers },
    };

    public static ApiProblem IsClosed(GateRecord gate) => new(
        StatusCodes.Status409Conflict, $"The {(gate.Kind == GateKind.Question ? "question" : "approval")} is closed: {ClosedWords.Of(gate)}.")
    {
        Kind = "closed",
        Members = new Dictionary<string, object?> { ["closed_by"] = gate.ClosedBy, ["closed_at"] = gate.ClosedAt, ["approval_status"] = gate.Status },
    };

    public static ApiProblem DecidedOtherwise(GateRecord gate, Caller caller) => new(
        StatusCodes.Status409Conflict, $"{caller.User} has decided otherwise already; a decision stands.")
    {
        Kind = "decided",
        Members = new Dictionary<string, object?> { ["approval_status"] = gate.Status },
    };

    public static ApiProblem TooLateToEdit(GateRecord gate)
    {
        var approved = gate.Decisions.First(static made => made.Approved).User;
        return new(StatusCodes.Status409Conflict, $"{approved} has approved already, without these edits. Approve as it is, or reject.")
        {
            Kind = "too-late-to-edit",
            Members = new Dictionary<string, object?> { ["approved_by"] = approved },
        };
    }
}
