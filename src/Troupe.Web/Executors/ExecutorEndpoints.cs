using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Executors;
using Troupe.Web.Access;
using Troupe.Web.Hosting;
using Troupe.Web.Views;

namespace Troupe.Web.Executors;

/// <summary>The processes that work on tasks, and what was left to a dead one (H4).</summary>
internal static class ExecutorEndpoints
{
    public static void MapExecutors(this IEndpointRouteBuilder api) =>
        api.MapGet("/executors", ListAsync).RequireRole(Roles.Operator).Shows(RunScope.Many);

    private static async Task<IResult> ListAsync(HttpContext context, ExecutorDirectory executors, RunVisibility visibility)
    {
        var sight = visibility.Of(context);
        var bodies = new List<ExecutorBody>();
        foreach (var executor in await executors.ListAsync(context.RequestAborted))
        {
            var tasks = await visibility.FilterAsync(sight, executor.Tasks, static task => task.RunId, context.RequestAborted);
            bodies.Add(ExecutorBody.Of(executor, executors.IsAlive(executor), tasks));
        }

        return Answer.Json(new PageBody<ExecutorBody>(bodies, null));
    }
}

internal sealed record ExecutorBody(
    string Id, bool Alive, DateTimeOffset StartedAt, DateTimeOffset SeenAt, int Busy, IReadOnlyList<ExecutorTaskBody> Tasks)
{
    public static ExecutorBody Of(Executor executor, bool isAlive, IReadOnlyList<ExecutorTask> tasks) => new(
        executor.Id,
        isAlive,
        executor.StartedAt,
        executor.SeenAt,
        executor.Busy,
        [.. tasks.Select(static task => new ExecutorTaskBody(task.TaskId, task.RunId, task.Since))]);
}

internal sealed record ExecutorTaskBody(string TaskId, string WorkflowId, DateTimeOffset Since);
