using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Workflows;

/// <summary>Cancel, pause and resume: accepted once the run's row says so; the run follows.</summary>
internal static class Commands
{
    public static async Task<IResult> CancelAsync(string id, HttpContext context, RunControl control, Urls urls) =>
        Tell(context, urls, id, await control.CancelAsync(id, await ReasonAsync(context.Request), context.Caller(), context.RequestAborted));

    public static async Task<IResult> PauseAsync(string id, HttpContext context, RunControl control, Urls urls)
    {
        await ReasonAsync(context.Request);
        return Tell(context, urls, id, await control.PauseAsync(id, context.Caller(), context.RequestAborted));
    }

    public static async Task<IResult> ResumeAsync(string id, HttpContext context, RunControl control, Urls urls)
    {
        await ReasonAsync(context.Request);
        return Tell(context, urls, id, await control.ResumeAsync(id, context.Caller(), context.RequestAborted));
    }

    private static async Task<string?> ReasonAsync(HttpRequest request) =>
        (await JsonRequest.ReadOptionalAsync(request)).Bind(static fields => new Reason(fields.Text("reason"))).Text;

    private static IResult Tell(HttpContext context, Urls urls, string id, ControlResult result) => result switch
    {
        { Outcome: ControlOutcome.NotFound } or { Run: null } => ApiProblem.NotFound("run", id),
        { Outcome: ControlOutcome.Ended, Run: var run } => HasEnded(run),
        { Run: var run } => Answer.Accepted(
            context,
            urls.Workflow(context, id),
            TimeSpan.FromSeconds(1),
            new CommandBody(run.Id, run.Status, run.CancelRequested, run.PauseRequested, urls.Workflow(context, id))),
    };

    public static ApiProblem HasEnded(RunRecord run) =>
        new(StatusCodes.Status409Conflict, $"The workflow '{run.Id}' has ended: it is {EnumWords<WorkStatus>.Write(run.Status)}.") { Kind = "ended" };

    private sealed record Reason(string? Text);

    private sealed record CommandBody(string WorkflowId, WorkStatus Status, bool CancelRequested, bool PauseRequested, string CheckStatusUrl);
}
