using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe approvals</c>: the inbox, and one of it with all that its decider needs to know.</summary>
internal static class ApprovalsCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("approval") { Description = "An approval's or a question's id, or its run's: show it with what it holds up. Without one, list.", Arity = ArgumentArity.ZeroOrOne };
        var status = new Option<string>("--status") { Description = "pending, decided, or one status.", HelpName = "status", DefaultValueFactory = static _ => "pending" };
        var run = new Option<string?>("--run") { Description = "Only those of a run.", HelpName = "run" };
        var mine = new Option<bool>("--mine") { Description = "Only open ones that you may decide and have not." };
        return new Command("approvals", "List what waits for people or did, or show one with all that its decider needs to know.") { id, status, run, mine }
            .Asking(shell, request => request.Parsed.GetValue(id) is { } one
                ? ShowAsync(request, one)
                : ListAsync(request, new ApprovalQuery
                {
                    Status = request.Parsed.GetValue(mine) ? null : request.Parsed.GetValue(status),
                    WorkflowId = request.Parsed.GetValue(run),
                    Mine = request.Parsed.GetValue(mine),
                }));
    }

    public static async Task ListAsync(Request request, ApprovalQuery query) => request.AnswerRows(
        await request.Client.ApprovalsAsync(query, request.Cancelled).ToListAsync(request.Cancelled),
        new("id", static one => one.Id, 140),
        new("kind", static one => one.Kind),
        new("status", static one => one.Status),
        new("title", static one => one.Title),
        new("who decides", static one => ApprovalText.Deciders(one), 60),
        new("since", static one => Words.Time(one.CreatedAt)),
        new("until", static one => Words.Time(one.ExpiresAt)));

    private static async Task ShowAsync(Request request, string id)
    {
        var found = await new ApprovalFinder(request.Client).FindAsync(id, kind: null, request.Cancelled);
        request.Answer(found, output => ApprovalText.Write(output, found));
    }
}
