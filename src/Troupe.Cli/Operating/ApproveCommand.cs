using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe approve</c>: decides what waits for a decision.</summary>
internal static class ApproveCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("approval") { Description = "The approval's id, or its run's; without one, all that wait are listed.", Arity = ArgumentArity.ZeroOrOne };
        var reject = new Option<bool>("--reject") { Description = "Reject instead." };
        var comment = new Option<string?>("--comment", "-m") { Description = "Why, for the record.", HelpName = "text" };
        var edits = new Option<string[]>("--edit", "-e") { Description = "Change what runs next: a task's prompt (write=New text, write=@file) or an input (inputs.topic=tea); may be repeated.", HelpName = "what=text" };
        return new Command("approve", "Approve or reject what waits for a person; without an id, list it.") { id, reject, comment, edits }
            .Asking(shell, request => request.Parsed.GetValue(id) is { } approval
                ? DecideAsync(
                    request,
                    approval,
                    new DecisionRequest(request.Parsed.GetValue(reject) ? "reject" : "approve", request.Parsed.GetValue(comment)),
                    request.Parsed.GetValue(edits) ?? [],
                    shell)
                : ApprovalsCommand.ListAsync(request, new ApprovalQuery { Kind = ApprovalFinder.Approval }));
    }

    private static async Task DecideAsync(Request request, string id, DecisionRequest decision, string[] edits, Shell shell)
    {
        if (edits.Length > 0 && decision.Decision == "reject")
            throw new CommandException(ExitCodes.Usage, "What is rejected does not run, so that it cannot be edited: leave --edit or --reject out.");
        var wanted = decision with { Edits = await EditArguments.ReadAsync(edits, shell) };
        var approval = await new ApprovalFinder(request.Client).FindAsync(id, ApprovalFinder.Approval, request.Cancelled);
        var decided = await request.Client.DecideAsync(approval.Id, wanted, request.Cancelled);
        request.Answer(decided, output => output.WriteLine($"{approval.Id}: {Outcome(decided)}"));
    }

    private static string Outcome(ApprovalInfo decided) => decided is { Status: "pending", Quorum: { } quorum }
        ? $"your approval counts; {quorum.Approved} of {quorum.Needed} have approved, {ApprovalText.Deciders(decided)} may"
        : $"{decided.Status}{(decided.Edits is { } edits ? $", with {Words.Count(edits.Changes.Count, "edit")}" : "")}";
}
