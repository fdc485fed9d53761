using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Approvals;

public enum LinkState
{
    /// <summary>It would decide.</summary>
    Ready,

    /// <summary>It has just decided.</summary>
    Decided,

    /// <summary>Its user has decided, by it or otherwise.</summary>
    Spent,

    /// <summary>The gate has closed, or its user may not decide any more.</summary>
    Closed,

    /// <summary>It is none of ours, was changed, has expired, or its gate is gone.</summary>
    Invalid,
}

/// <param name="Gate">Null where the link is invalid.</param>
public sealed record LinkView(LinkState State, GateRecord? Gate, bool Approves, string User);

/// <summary>
/// Makes links for mail and chat that carry one decision of one user on one gate. They are signed, expire, and are spent by the gate's own
/// row: a user decides a gate once. Who has the link has the decision, so that it goes to that user alone.
/// </summary>
public sealed class ApprovalLinks(IGateStore gates, GateDecisions decisions, TokenSigner signer)
{
    /// <summary>Where a link leads, below the server's address; its token follows.</summary>
    public const string Path = "/api/v1/approvals/link?token=";

    public static readonly TimeSpan DefaultLife = TimeSpan.FromDays(1);

    public static readonly TimeSpan MaxLife = TimeSpan.FromDays(30);

    private const string Purpose = "approval-link";

    /// <summary>The link's path with its token; null where there is no such open gate that the user may decide.</summary>
    /// <param name="life">1 s to <see cref="MaxLife"/>.</param>
    public async Task<string?> CreateAsync(string gateId, bool approves, Caller user, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(life, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(life, MaxLife);
        var gate = await gates.GetAsync(gateId, cancellationToken);
        if (gate is not { Kind: GateKind.Approval, Status: GateStatus.Pending } || !gate.MayBeDecidedBy(user) || user.User.Contains('\n', StringComparison.Ordinal))
            return null;
        var subject = string.Join('\n', approves ? "approve" : "reject", gate.Id, user.User, Deciders.GroupOf(gate, user) ?? "");
        return Path + await signer.SignAsync(Purpose, subject, life, cancellationToken);
    }

    /// <summary>What a link would do; it does nothing, as programs that check mail for harmful pages open every link.</summary>
    public async Task<LinkView> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (await signer.ReadAsync(Purpose, token, cancellationToken) is not { } subject
            || subject.Split('\n') is not [var word, var id, var user, var group]
            || await gates.GetAsync(id, cancellationToken) is not { } gate)
            return new LinkView(LinkState.Invalid, null, Approves: false, "");
        var state = gate.Decisions.Any(made => made.User == user) ? LinkState.Spent
            : gate.Status != GateStatus.Pending || !gate.MayBeDecidedBy(CallerOf(user, group)) ? LinkState.Closed
            : LinkState.Ready;
        return new LinkView(state, gate, word == "approve", user);
    }

    /// <summary>Decides, once: of two at the same instant one does.</summary>
    public async Task<LinkView> UseAsync(string token, string? comment, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(token, cancellationToken);
        if (view is not { State: LinkState.Ready, Gate: { } gate })
            return view;
        var group = (await signer.ReadAsync(Purpose, token, cancellationToken))?.Split('\n')[^1] ?? "";
        var result = await decisions.DecideAsync(
            gate.Id, new Decision(view.Approves, comment, Via: "link"), CallerOf(view.User, group), cancellationToken);
        return result.Outcome switch
        {
            DecisionOutcome.Decided => view with { State = LinkState.Decided, Gate = result.Gate },
            DecisionOutcome.Repeated or DecisionOutcome.DecidedOtherwise => view with { State = LinkState.Spent, Gate = result.Gate },
            _ => view with { State = LinkState.Closed, Gate = result.Gate ?? gate },
        };
    }

    // The group by which the user may decide stands in the link: there is no key that tells it.
    private static Caller CallerOf(string user, string group) => new(user) { Groups = group.Length == 0 ? [] : [group], Roles = Roles.Approver.WithImplied() };
}
