using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
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

    /// <summary>The gate has closed; it names who closed it.</summary>
    Closed,

    /// <summary>The gate is open, but the caller has decided otherwise before.</summary>
    DecidedOtherwise,

    /// <summary>The edits are wrong: see the problems.</summary>
    Invalid,

    /// <summary>Somebody has approved already, without these edits.</summary>
    TooLateToEdit,
}

public sealed record DecisionResult(DecisionOutcome Outcome, GateRecord? Gate)
{
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}

/// <summary>What a person decides.</summary>
/// <param name="Edits">Changes of what runs after the gate; with an approval only.</param>
/// <param name="Via">How it came where it did not come with a key.</param>
public sealed record Decision(bool Approved, string? Comment = null, WantedEdits? Edits = null, string? Via = null);

/// <summary>Takes people's decisions on approval gates. Of two at the same instant one wins, and the other is told who did.</summary>
public sealed class GateDecisions(IGateStore gates, EditCheck edits, RunControl control, TimeProvider time)
{
    public Task<DecisionResult> DecideAsync(string gateId, bool approved, string? comment, Caller caller, CancellationToken cancellationToken) =>
        DecideAsync(gateId, new Decision(approved, comment), caller, cancellationToken);

    public async Task<DecisionResult> DecideAsync(string gateId, Decision wanted, Caller caller, CancellationToken cancellationToken)
    {
        var before = await gates.GetAsync(gateId, cancellationToken);
        if (before is not { Kind: GateKind.Approval })
            return new DecisionResult(DecisionOutcome.NotFound, null);
        if (!before.MayBeDecidedBy(caller))
            return new DecisionResult(DecisionOutcome.NotAllowed, before);
        var (changed, problems) = wanted is { Approved: true, Edits: { } some } && before.Status == GateStatus.Pending
            ? await edits.CheckAsync(before, some, caller.User, cancellationToken)
            : (null, []);
        if (problems.Count > 0)
            return new DecisionResult(DecisionOutcome.Invalid, before) { Problems = problems };
        var decision = new GateDecision(caller.User, wanted.Approved, wanted.Comment, time.GetUtcNow(), wanted.Via) { Id = Guid.NewGuid().ToString("N") };
        var after = await GateClosing.DecideAsync(gates, gateId, decision, changed, cancellationToken) ?? before;
        if (Refusal(after, decision) is { } refusal)
            return new DecisionResult(refusal, after);
        if (after is { Status: not GateStatus.Pending, Acknowledged: false })
            await control.TellAsync(gateId, new Envelope("decided", EnvelopeKinds.Gate), cancellationToken);
        return new DecisionResult(after.Decisions.Any(made => made.Id == decision.Id) ? DecisionOutcome.Decided : DecisionOutcome.Repeated, after);
    }

    private static DecisionOutcome? Refusal(GateRecord after, GateDecision decision)
    {
        var mine = after.Decisions.FirstOrDefault(made => made.User == decision.User);
        if (mine?.Approved == decision.Approved)
            return null;
        if (after.Status != GateStatus.Pending)
            return DecisionOutcome.Closed;
        return mine is null ? DecisionOutcome.TooLateToEdit : DecisionOutcome.DecidedOtherwise;
    }
}
