using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe approve</c>: lists what waits for a decision, and decides.</summary>
internal static class ApproveCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("approval") { Description = "The approval's id; without one, all that wait are listed.", Arity = ArgumentArity.ZeroOrOne };
        var reject = new Option<bool>("--reject") { Description = "Reject instead." };
        var comment = new Option<string?>("--comment", "-m") { Description = "Why, for the record.", HelpName = "text" };
        var edits = new Option<string[]>("--edit", "-e") { Description = "Change what runs next: a task's prompt (write=New text) or an input (inputs.topic=tea); may be repeated.", HelpName = "what=text" };
        return new Command("approve", "Approve or reject what waits for a person; without an id, list it.") { id, reject, comment, edits }
            .Asking(shell, request => request.Parsed.GetValue(id) is { } approval
                ? DecideAsync(
                    request,
                    approval,
                    new DecisionRequest(request.Parsed.GetValue(reject) ? "reject" : "approve", request.Parsed.GetValue(comment)),
                    request.Parsed.GetValue(edits) ?? [],
                    shell)
                : ListAsync(request));
    }

    private static async Task ListAsync(Request request) => request.AnswerRows(
        await request.Client.ApprovalsAsync(cancellationToken: request.Cancelled).ToListAsync(request.Cancelled),
        new("approval", static approval => approval.Id, 140),
        new("run", static approval => approval.WorkflowId, 64),
        new("title", static approval => approval.Title),
        new("since", static approval => Words.Time(approval.CreatedAt)));

    private static async Task DecideAsync(Request request, string approval, DecisionRequest decision, string[] edits, Shell shell)
    {
        var wanted = decision with { Edits = await EditArguments.ReadAsync(edits, shell) };
        var decided = await request.Client.DecideAsync(approval, wanted, request.Cancelled);
        request.Answer(decided, output => output.WriteLine($"{approval}: {decided.Status ?? decision.Decision}"));
    }
}
