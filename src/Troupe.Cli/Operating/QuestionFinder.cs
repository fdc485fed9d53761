using System.Net;
using System.Text.Json;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>Finds a question by its own id, or by that of the run or task that asks nothing else: in an approver's inbox, or an operator's tasks.</summary>
internal sealed class QuestionFinder(TroupeClient client)
{
    /// <exception cref="CommandException">They are not the caller's to list.</exception>
    public async Task<IReadOnlyList<ApprovalInfo>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.ApprovalsAsync(new ApprovalQuery { Kind = ApprovalFinder.Question }, cancellationToken).ToListAsync(cancellationToken);
        }
        catch (TroupeApiException refusal) when (refusal.Status == HttpStatusCode.Forbidden)
        {
            throw new CommandException(ExitCodes.Failed, "Only an approver's key lists the questions of all runs. Name one: troupe answer <run>; 'troupe list --status waiting' lists the runs that wait.");
        }
    }

    /// <exception cref="CommandException">There is none, there are several, or it is an approval.</exception>
    public async Task<FoundQuestion> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var question = await new ApprovalFinder(client).FindAsync(id, ApprovalFinder.Question, cancellationToken);
            return new FoundQuestion(question, (answer, cancellation) => client.AnswerAsync(question.Id, answer, cancellation));
        }
        catch (TroupeApiException refusal) when (refusal.Status == HttpStatusCode.Forbidden)
        {
            return await OfTasksAsync(id, cancellationToken);
        }
    }

    private async Task<FoundQuestion> OfTasksAsync(string id, CancellationToken cancellationToken)
    {
        var open = new List<ApprovalInfo>();
        await foreach (var task in client.TasksAsync(id.Split(':')[0], cancellationToken).Where(static task => task.Status == WorkStatus.Waiting))
            open.AddRange((await client.TaskAsync(task.TaskId, cancellationToken)).Questions);
        var question = ApprovalFinder.Only(open, id, ApprovalFinder.Question);
        return new FoundQuestion(question, (answer, cancellation) => client.AnswerTaskAsync(question.TaskId!, answer, question.Id, cancellation));
    }
}

/// <param name="AnswerAsync">Answers it in the way that is the caller's.</param>
internal sealed record FoundQuestion(ApprovalInfo Info, Func<JsonElement, CancellationToken, Task<ApprovalInfo>> AnswerAsync);
