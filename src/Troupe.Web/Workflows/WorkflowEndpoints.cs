using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Json;
using Troupe.Web.Streaming;
using Troupe.Web.Views;

namespace Troupe.Web.Workflows;

/// <summary>Runs: listed, read, steered (A5, A7).</summary>
internal static class WorkflowEndpoints
{
    private const int MaxPage = 500;

    public static void MapWorkflows(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflows", ListAsync).RequireRole(Roles.Reader).Shows(RunScope.Many);
        api.MapGet("/workflows/{id}", GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Run).TakesStatusTokens().RequireRateLimiting(Limits.Streams);
        api.MapGet("/workflows/{id}/tasks", TasksAsync).RequireRole(Roles.Reader).Shows(RunScope.Run);
        api.MapGet("/workflows/{id}/graph", GraphAsync).RequireRole(Roles.Reader).Shows(RunScope.Run);
        api.MapPost("/workflows/{id}/cancel", Commands.CancelAsync).RequireRole(Roles.Operator).Shows(RunScope.Run);
        api.MapPost("/workflows/{id}/pause", Commands.PauseAsync).RequireRole(Roles.Operator).Shows(RunScope.Run);
        api.MapPost("/workflows/{id}/resume", Commands.ResumeAsync).RequireRole(Roles.Operator).Shows(RunScope.Run);
        api.MapPost("/workflows/{id}/rerun", Rerun.HandleAsync).RequireRole(Roles.Operator).Shows(RunScope.Run).RequireRateLimiting(Limits.Launches);
        api.MapPost("/workflows/{id}/callbacks/{name}", Callbacks.ReceiveAsync)
            .RequireRole(Roles.Operator).TakesCallbackTokens().Shows(RunScope.Run).RequireRateLimiting(Limits.Launches);
    }

    private static async Task<IResult> ListAsync(HttpContext context, IRunStore runs, RunVisibility visibility)
    {
        var query = new QueryFields(context.Request);
        var wanted = new RunQuery
        {
            Statuses = query.Words<WorkStatus>("status"),
            Tag = query.Text("tag"),
            Name = query.Text("name"),
            User = query.Text("user"),
            CreatedFrom = query.Time("created_from"),
            CreatedTo = query.Time("created_to"),
            Limit = query.Number("limit", 50, 1, MaxPage),
            Cursor = query.Text("cursor"),
        };
        query.Close();
        if (visibility.Of(context).User is { } user)
        {
            if (wanted.User is not null && wanted.User != user)
                return Answer.Json(new PageBody<RunBody>([], null));
            wanted = wanted with { User = user };
        }

        return Answer.Json(PageBody<RunBody>.Of(await runs.ListRunsAsync(wanted, context.RequestAborted), run => RunBody.Of(context, run)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, IRunStore runs, RunViews views, PlanCache plans, LongPoll poll)
    {
        var wait = LongPoll.WaitOf(context);
        await poll.WaitAsync(id, wait, async cancel => (await runs.GetRunAsync(id, cancel))?.Status.IsTerminal() ?? true, context.RequestAborted);
        if (await views.GetAsync(id, context.RequestAborted) is not { } view)
            return ApiProblem.NotFound("run", id);
        var plan = await plans.GetAsync(view.Run.Plan, context.RequestAborted);
        return Answer.Json(RunBody.Of(context, view, plan.ResultKey is { } key ? RunIds.Child(id, key) : null));
    }

    private static async Task<IResult> TasksAsync(string id, HttpContext context, IRunStore runs, Urls urls)
    {
        var query = new QueryFields(context.Request);
        var (limit, cursor) = (query.Number("limit", 100, 1, MaxPage), query.Text("cursor"));
        query.Close();
        if (await runs.GetRunAsync(id, context.RequestAborted) is null)
            return ApiProblem.NotFound("run", id);
        var page = await runs.ListTasksAsync(id, limit, cursor, context.RequestAborted);
        return Answer.Json(PageBody<TaskBody>.Of(page, task => TaskBody.Of(context, urls, task)));
    }

    private static async Task<IResult> GraphAsync(string id, HttpContext context, GraphReader graphs) =>
        await graphs.ReadAsync(id, context.RequestAborted) is { } graph ? Answer.Json(graph) : ApiProblem.NotFound("run", id);
}
