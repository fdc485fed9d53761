using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Approvals;
using Troupe.Core.Records;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Approvals;

/// <summary>Answers to questions of agents, wherever they are sent.</summary>
internal static class AnswerRequest
{
    public static JsonElement Bind(JsonFields fields)
    {
        if (fields.Value("answer") is { } answer)
            return answer;
        fields.Report("answer", "The answer is required here: a text, or JSON where that is asked for.");
        return default;
    }

    /// <summary>Answers the question of a task that waits for one (C6).</summary>
    public static async Task<IResult> OfTaskAsync(string id, HttpContext context, GateAnswers answers, IRunStore runs)
    {
        var (question, answer) = (await JsonRequest.ReadAsync(context.Request)).Bind(static fields => (fields.Text("question"), Bind(fields)));
        return await runs.GetTaskAsync(id, context.RequestAborted) is { } task
            ? Tell(await answers.AnswerTaskAsync(task, question, answer, context.Caller(), context.RequestAborted), context, "question of the task", question ?? id)
            : ApiProblem.NotFound("task", id);
    }

    public static IResult Tell(QuestionResult result, HttpContext context, string what, string id) => result switch
    {
        { Outcome: QuestionOutcome.Answered or QuestionOutcome.Repeated, Gate: { } gate } => Answer.Json(ApprovalBody.Of(gate, context.Caller())),
        { Outcome: QuestionOutcome.NotAllowed, Gate: { } gate } => Refusals.NotAllowed(gate),
        { Outcome: QuestionOutcome.Invalid, Problem: { } problem } => ApiProblem.Invalid("The answer", [problem with { Pointer = "/answer" + problem.Pointer }]),
        { Outcome: QuestionOutcome.Closed, Gate: { } gate } => Refusals.IsClosed(gate),
        { Outcome: QuestionOutcome.Ambiguous } => new ApiProblem(
            StatusCodes.Status409Conflict, "The task asks several questions at once. Say which one with its id in 'question'; GET /api/v1/tasks/{id}/status lists them.")
        {
            Kind = "ambiguous",
        },
        _ => ApiProblem.NotFound(what, id),
    };
}
