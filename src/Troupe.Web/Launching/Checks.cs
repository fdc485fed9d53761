using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Planning;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Launching;

/// <summary>Looks at a workflow without launching it: what is wrong with it (B1), how long it is likely to take.</summary>
internal static class Checks
{
    public static async Task<IResult> ValidateAsync(HttpContext context, LaunchChecker checker)
    {
        if (!context.Request.HasJsonContentType())
            return await ValidateTextAsync(context, checker);
        var check = await CheckAsync(context, checker);
        return Answer.Json(Report(check.Problems));
    }

    public static async Task<IResult> EstimateAsync(HttpContext context, LaunchChecker checker)
    {
        var check = await CheckAsync(context, checker);
        return check.Estimate is { } estimate
            ? Answer.Json(EstimateBody.Of(estimate))
            : ApiProblem.Invalid("The workflow", [.. check.Problems.DefaultIfEmpty(new Problem("Its delays depend on inputs: give them.", "/inputs"))]);
    }

    /// <summary>YAML, as a file has it: problems carry line and column.</summary>
    private static async Task<IResult> ValidateTextAsync(HttpContext context, LaunchChecker checker)
    {
        var text = await Catalogs.DocumentText.ReadAsync(context.Request);
        var read = DefinitionReader.Read(text);
        if (read.Definition is null)
            return Answer.Json(Report(read.Problems));
        var check = await checker.CheckAsync(read.Definition, context.RequestAborted);
        return Answer.Json(Report(check.Problems));
    }

    private static async Task<LaunchCheck> CheckAsync(HttpContext context, LaunchChecker checker)
    {
        var launch = (await JsonRequest.ReadAsync(context.Request)).Bind(LaunchFields.Workflow);
        return await checker.CheckAsync(launch, context.RequestAborted);
    }

    private static ReportBody Report(IReadOnlyList<Problem> problems) => new(problems.Count == 0, [.. problems.Distinct().Select(ProblemBody.Of)]);

    private sealed record ReportBody(bool Valid, IReadOnlyList<ProblemBody> Problems);

    /// <param name="EstimatedDuration">Seconds.</param>
    private sealed record EstimateBody(
        double? EstimatedDuration, IReadOnlyList<string> CriticalPath, int Tasks, IReadOnlyList<string> AgentsWithoutHistory)
    {
        public static EstimateBody Of(PlanEstimate estimate) =>
            new(estimate.Duration?.TotalSeconds, estimate.CriticalPath, estimate.Tasks, estimate.UnknownAgents);
    }
}
