using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

public enum DecisionOutcome
{
    Decided,

    /// <summary>The same person has made the same decision before.</summary>
    Repeated,
    NotFound,

    /// <summary>The gate names who may decide, and the caller is not among them.</summary>
    NotAllowed,

    /// <summary>The gate has closed, or the caller has decided otherwise before; the gate names who closed it.</summary>
    Closed,
}

public sealed record DecisionResult(DecisionOutcome Outcome, GateRecord? Gate);

/// <summary>Takes people's decisions on approval gates. Of two at the same instant one wins, and the other is told who did.</summary>
public sealed class GateDecisions(IGateStore gates, RunControl control, TimeProvider time)
{
    public async Task<DecisionResult> DecideAsync(string gateId, bool approved, string? comment, Caller caller, CancellationToken cancellationToken)
    {
        var before = await gates.GetAsync(gateId, cancellationToken);
        if (before is not { Kind: GateKind.Approval })
            return new DecisionResult(DecisionOutcome.NotFound, null);
        if (before.Approvers.Count > 0 && !before.Approvers.Contains(caller.User, StringComparer.Ordinal))
            return new DecisionResult(DecisionOutcome.NotAllowed, before);
        var repeated = before.Decisions.Any(made => made.User == caller.User);
        var decision = new GateDecision(caller.User, approved, comment, time.GetUtcNow());
        var after = await GateClosing.DecideAsync(gates, gateId, decision, cancellationToken) ?? before;
        var mine = after.Decisions.FirstOrDefault(made => made.User == caller.User);
        if (mine is null || mine.Approved != approved)
            return new DecisionResult(DecisionOutcome.Closed, after);
        if (after is { Status: not GateStatus.Pending, Acknowledged: false })
            await control.TellAsync(gateId, new Envelope("decided", EnvelopeKinds.Gate), cancellationToken);
        return new DecisionResult(repeated ? DecisionOutcome.Repeated : DecisionOutcome.Decided, after);
    }
}
