using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Tasks;

/// <summary>The result that a person supplies for a task that waits for one (C3).</summary>
internal static class SuppliedResult
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, TaskAnswers answers, Urls urls)
    {
        var supplied = (await JsonRequest.ReadAsync(context.Request)).Bind(Supplied.Bind);
        var outcome = await answers.SupplyResultAsync(id, supplied.Text, supplied.Type, context.Caller(), context.RequestAborted);
        return outcome switch
        {
            AnswerOutcome.Accepted => Answer.Accepted(
                context, urls.TaskStatus(context, id), TimeSpan.FromSeconds(1), new AcceptedBody(id, urls.TaskStatus(context, id))),
            AnswerOutcome.NotFound => ApiProblem.NotFound("task", id),
            AnswerOutcome.NotJson => ApiProblem.Invalid("The result", [new Problem("The result is announced as json but is not JSON.", "/result")]),
            AnswerOutcome.NotOfSchema => ApiProblem.Invalid("The result", [new Problem("The result is blank, or does not meet the output schema of the task's agent.", "/result")]),
            _ => new ApiProblem(StatusCodes.Status409Conflict, "The task does not wait for a person's result.") { Kind = "not-waiting" },
        };
    }

    private sealed record AcceptedBody(string TaskId, string CheckStatusUrl);

    private sealed record Supplied(string Text, ResultType Type)
    {
        public static Supplied Bind(JsonFields fields)
        {
            var type = fields.Word<ResultType>("result_type");
            if (fields.Value("result") is not { } result)
            {
                fields.Report("result", "The result is required here: a text, or any JSON.");
                return new Supplied("", ResultType.Summary);
            }

            return result.ValueKind == JsonValueKind.String
                ? new Supplied(result.GetString()!, type ?? ResultType.Summary)
                : new Supplied(result.GetRawText(), ResultType.Json);
        }
    }
}
