using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Integrations.Slack;

/// <summary>Buttons that decide approvals, as the Troupe user that the person of Slack is.</summary>
internal sealed class SlackInteractions(GateDecisions decisions)
{
    public const string Approve = "troupe_approve";
    public const string Reject = "troupe_reject";

    public async Task<SlackReply> DecideAsync(bool approved, string gateId, Caller caller, CancellationToken cancellationToken)
    {
        if (!caller.Roles.HasFlag(Roles.Approver))
            return new SlackReply("That needs the role approver.");
        var result = await decisions.DecideAsync(gateId, new Decision(approved, Via: "slack"), caller, cancellationToken);
        return result switch
        {
            { Outcome: DecisionOutcome.Decided or DecisionOutcome.Repeated, Gate: { } gate } => new SlackReply(Said(gate, approved, caller)),
            { Outcome: DecisionOutcome.NotAllowed } => new SlackReply("You are not among those who may decide this."),
            { Outcome: DecisionOutcome.Closed, Gate: { } gate } => new SlackReply($"*{SlackText.Escape(gate.Title)}* is closed: {SlackText.Escape(ClosedWords.Of(gate))}."),
            { Outcome: DecisionOutcome.NotFound } => new SlackReply("There is no such approval any more."),
            { Outcome: DecisionOutcome.DecidedOtherwise } => new SlackReply("You have decided otherwise before."),
            _ => new SlackReply("That could not be decided."),
        };
    }

    private static string Said(GateRecord gate, bool approved, Caller caller)
    {
        var open = gate.Status == GateStatus.Pending ? $"; {gate.Decisions.Count(static made => made.Approved)} of {gate.Quorum} have approved" : "";
        return $"*{SlackText.Escape(gate.Title)}* was {(approved ? "approved" : "rejected")} by {SlackText.Escape(caller.User)}{open}.";
    }
}
