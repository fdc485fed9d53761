using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Management;

namespace Troupe.Web.Launching;

/// <summary>Tells how a launch went.</summary>
internal static class LaunchAnswer
{
    private static readonly TimeSpan LookAgainAtLeast = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgainAtMost = TimeSpan.FromSeconds(10);

    private static readonly string[] RequestFields = ["/workflow", "/inputs", "/options", "/id"];

    /// <summary>As <see cref="Of"/>, for a launch whose definition is a part of the request.</summary>
    public static IResult OfWorkflow(HttpContext context, Urls urls, LaunchResult launched, string? token) =>
        Of(context, urls, launched with { Problems = [.. launched.Problems.Select(AsSent)] }, token);

    /// <param name="token">Opens the run's status URLs to whoever they are handed on to; null for none.</param>
    public static IResult Of(HttpContext context, Urls urls, LaunchResult launched, string? token) => launched switch
    {
        { Outcome: LaunchOutcome.Invalid } => ApiProblem.Invalid("The launch", [.. launched.Problems.Distinct()]),
        { Outcome: LaunchOutcome.KeyConflict } => new ApiProblem(
            StatusCodes.Status409Conflict, "This Idempotency-Key was used for another request. Send the same request again, or use a new key.")
        {
            Kind = "idempotency-conflict",
        },
        { Outcome: LaunchOutcome.IdTaken, Run: var run } => new ApiProblem(
            StatusCodes.Status409Conflict, $"A run with the id '{run?.Id}' exists already. Choose another id.")
        {
            Kind = "id-taken",
        },
        { Run: { } run } => Accepted(context, urls, run, launched, token),
        _ => throw new InvalidOperationException("A launch was accepted without a run."),
    };

    private static IResult Accepted(HttpContext context, Urls urls, RunRecord run, LaunchResult launched, string? token)
    {
        var only = run.Kind == RunKind.Task ? launched.Tasks[0] : null;
        var check = Urls.WithToken(only is null ? urls.Workflow(context, run.Id) : urls.TaskStatus(context, only.Id), token);
        var instance = urls.Instance(context, run.Id);
        var body = new LaunchBody
        {
            TaskId = only?.Id,
            WorkflowId = run.Id,
            Status = run.Status,
            EstimatedDuration = launched.EstimatedDuration?.TotalSeconds,
            CheckStatusUrl = check,
            Message = $"{run.Kind} {only?.Id ?? run.Id} {(launched.Outcome == LaunchOutcome.Repeated ? "was launched by an earlier request" : "queued for execution")}",
            Tasks = run.Kind == RunKind.Batch ? [.. launched.Tasks.Select(task => new LaunchedTask(task.Id, task.Status, Urls.WithToken(urls.TaskStatus(context, task.Id), token)))] : null,
            Callbacks = run.CallbackTokens.Count == 0
                ? null
                : [.. run.CallbackTokens.Keys.Order(StringComparer.Ordinal).Select(name => new LaunchedCallback(name, urls.Callback(context, run.Id, name), launched.CallbackTokens.GetValueOrDefault(name)))],
            Durable = CheckStatusBody.Of(run.Id, instance) with { StatusQueryGetUri = Urls.WithToken(instance, token) },
        };
        return Answer.Accepted(context, check, LookAgain(launched.EstimatedDuration), body);
    }

    private static TimeSpan LookAgain(TimeSpan? estimate) =>
        estimate is not { } time || time < LookAgainAtLeast ? LookAgainAtLeast : time < LookAgainAtMost ? time : LookAgainAtMost;

    // Core points into a definition; the request has it in its field 'workflow'.
    private static Problem AsSent(Problem problem) =>
        RequestFields.Any(field => problem.Pointer == field || problem.Pointer.StartsWith(field + "/", StringComparison.Ordinal))
            ? problem
            : problem with { Pointer = "/workflow" + problem.Pointer };
}
