using Troupe.Core.Launching;
using Troupe.Core.Records;

namespace Troupe.Core.Approvals;

/// <summary>What to list of people's questions.</summary>
public sealed record InboxQuery
{
    /// <summary>Null for every kind that people decide.</summary>
    public GateKind? Kind { get; init; }

    public GateStatus? Status { get; init; }

    /// <summary>Only those that have been decided, however.</summary>
    public bool Decided { get; init; }

    /// <summary>Only open ones that the caller may decide and has not.</summary>
    public bool Mine { get; init; }

    public string? RunId { get; init; }

    public int Limit { get; init; } = 50;

    public string? Cursor { get; init; }
}

/// <summary>Lists what waits for people, or did.</summary>
public sealed class ApprovalInbox(IGateStore gates)
{
    /// <summary>Gates looked at for one page; where fewer match, the page is short and its cursor leads on.</summary>
    private const int MaxExamined = 2_000;

    public async Task<Page<GateRecord>> ListAsync(InboxQuery query, Caller caller, CancellationToken cancellationToken)
    {
        var (found, cursor, examined) = (new List<GateRecord>(), query.Cursor, 0);
        do
        {
            var wanted = new GateQuery
            {
                Kind = query.Kind,
                Status = query.Mine ? GateStatus.Pending : query.Status,
                RunId = query.RunId,
                Limit = query.Limit - found.Count,
                Cursor = cursor,
            };
            var page = await gates.ListAsync(wanted, cancellationToken);
            found.AddRange(page.Items.Where(gate => Matches(gate, query, caller)));
            examined += wanted.Limit;
            cursor = page.Cursor;
        }
        while (cursor is not null && found.Count < query.Limit && examined < MaxExamined);
        return new Page<GateRecord>(found, cursor);
    }

    private static bool Matches(GateRecord gate, InboxQuery query, Caller caller) =>
        gate.Kind != GateKind.Callback
        && (!query.Decided || gate.Status != GateStatus.Pending)
        && (!query.Mine || (gate.MayBeDecidedBy(caller) && !gate.Decisions.Any(made => made.User == caller.User)));
}
