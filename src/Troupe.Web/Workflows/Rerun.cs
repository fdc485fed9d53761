using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Launching;

namespace Troupe.Web.Workflows;

/// <summary>A new run that reuses what an earlier one finished.</summary>
internal static class Rerun
{
    private const string Failed = "failed";

    public static async Task<IResult> HandleAsync(string id, HttpContext context, RunControl control, IRunStore runs, Urls urls, StatusTokens tokens)
    {
        var body = await JsonRequest.ReadOptionalAsync(context.Request);
        var request = body.Bind(Bind);
        var idempotency = IdempotencyHeader.Of(context.Request, body);
        if (await runs.GetRunAsync(id, context.RequestAborted) is not { } run)
            return ApiProblem.NotFound("run", id);
        if (request.From == Failed && !run.Status.IsTerminal())
        {
            return new ApiProblem(StatusCodes.Status409Conflict, "The workflow has not ended yet, so that it is not known what fails. Cancel it first, or wait.")
            {
                Kind = "not-ended",
            };
        }

        if (await control.RerunAsync(id, request, context.Caller(), idempotency, context.RequestAborted) is not { } launched)
            return ApiProblem.NotFound("run", id);
        var token = launched.Run is { } made ? await tokens.MakeAsync(made.Id, context.RequestAborted) : null;
        return LaunchAnswer.Of(context, urls, launched, token);
    }

    private static RerunRequest Bind(JsonFields fields) => new(fields.Text("from") ?? Failed, fields.Object("overrides", Overrides));

    private static RerunOverrides Overrides(JsonFields fields) => new()
    {
        Inputs = fields.Object("inputs"),
        Options = fields.Object("options") is null ? null : LaunchFields.Options(fields),
        Prompts = fields.Texts("prompts"),
        Agents = fields.Texts("agents"),
    };
}
