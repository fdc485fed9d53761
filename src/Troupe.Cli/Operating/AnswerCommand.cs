using System.CommandLine;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe answer</c>: lists the questions of agents, shows one, answers it.</summary>
internal static class AnswerCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string?>("question") { Description = "The question's id, or its task's or run's; without one, all that wait are listed.", Arity = ArgumentArity.ZeroOrOne };
        var answer = new Argument<string?>("answer") { Description = "A text, one of the choices, or JSON where that is asked for; @file, or - for standard input. Without it, the question is shown.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("answer", "Answer what an agent asks, or supply the result that a task waits for; without an id, list the questions.") { id, answer }
            .Asking(shell, request => (request.Parsed.GetValue(id), request.Parsed.GetValue(answer)) switch
            {
                ({ } question, { } text) => AnswerAsync(request, question, text),
                ({ } question, null) => ShowAsync(request, question),
                _ => ListAsync(request),
            });
    }

    private static async Task ListAsync(Request request) => request.AnswerRows(
        await new QuestionFinder(request.Client).ListAsync(request.Cancelled),
        new("question", static one => one.Id, 140),
        new("wants", QuestionText.Wants),
        new("title", static one => one.Title, 80),
        new("since", static one => Words.Time(one.CreatedAt)),
        new("until", static one => Words.Time(one.ExpiresAt)));

    private static async Task ShowAsync(Request request, string id)
    {
        var question = await FindAsync(request, id);
        request.Answer(question.Info, output => ApprovalText.Write(output, question.Info));
    }

    private static async Task AnswerAsync(Request request, string id, string answer)
    {
        var question = await FindAsync(request, id);
        var value = QuestionText.Read(question.Info.Question, await TextSource.ReadAsync(answer, "answer", request.Shell));
        var answered = await question.AnswerAsync(value, request.Cancelled);
        request.Answer(answered, output => output.WriteLine($"{answered.Id}: {answered.Status}"));
    }

    private static Task<FoundQuestion> FindAsync(Request request, string id) => new QuestionFinder(request.Client).FindAsync(id, request.Cancelled);
}
