using System.Net;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>Finds what waits for a person by its own id, or by that of the run or task that waits for nothing else of its kind.</summary>
internal sealed class ApprovalFinder(TroupeClient client)
{
    public const string Approval = "approval";
    public const string Question = "question";

    /// <param name="kind">Null for either.</param>
    /// <exception cref="CommandException">There is none, there are several, or it is of the other kind.</exception>
    public async Task<ApprovalInfo> FindAsync(string id, string? kind, CancellationToken cancellationToken)
    {
        var found = await TryGetAsync(id, cancellationToken) ?? await WaitingAsync(id, kind, cancellationToken);
        if (kind is null || found.Kind is not { } its || its == kind)
            return found;
        throw new CommandException(ExitCodes.Invalid, its == Question
            ? $"'{found.Id}' is a question: answer it with 'troupe answer {found.Id} …'."
            : $"'{found.Id}' is no question: decide it with 'troupe approve {found.Id}'.");
    }

    private async Task<ApprovalInfo?> TryGetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ApprovalAsync(id, cancellationToken);
        }
        catch (TroupeApiException refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<ApprovalInfo> WaitingAsync(string id, string? kind, CancellationToken cancellationToken)
    {
        var query = new ApprovalQuery { Kind = kind, WorkflowId = id.Split(':')[0] };
        return Only(await client.ApprovalsAsync(query, cancellationToken).ToListAsync(cancellationToken), id, kind ?? "approval or question");
    }

    /// <summary>The one of what waits that the id means.</summary>
    /// <exception cref="CommandException">There is none, or there are several.</exception>
    public static ApprovalInfo Only(IReadOnlyList<ApprovalInfo> all, string id, string kind) => all.Where(one => one.Id == id || one.WorkflowId == id || one.TaskId == id).ToList() switch
    {
        [var only] => only,
        [] => throw new CommandException(ExitCodes.Invalid, $"There is no {kind} '{Words.Line(id)}', and no run or task of that id waits for one."),
        var several => throw new CommandException(ExitCodes.Invalid, $"'{id}' waits for several; name one: {string.Join(", ", several.Select(static one => one.Id))}."),
    };
}
