using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Approvals;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Web.Access;
using Troupe.Web.Approvals;
using Troupe.Web.Artifacts;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Streaming;
using Troupe.Web.Views;

namespace Troupe.Web.Tasks;

/// <summary>Single tasks: where they stand, what they left (A5).</summary>
internal static class TaskEndpoints
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tasks/{id}/status", StatusAsync).RequireRole(Roles.Reader).Shows(RunScope.Task).TakesStatusTokens().RequireRateLimiting(Limits.Streams);
        api.MapGet("/tasks/{id}/result", ResultAsync).RequireRole(Roles.Reader).Shows(RunScope.Task).TakesStatusTokens().RequireRateLimiting(Limits.Streams);
        api.MapPost("/tasks/{id}/result", SuppliedResult.HandleAsync).RequireRole(Roles.Operator).Shows(RunScope.Task);
        api.MapPost("/tasks/{id}/answer", AnswerRequest.OfTaskAsync).RequireRole(Roles.Operator).Shows(RunScope.Task);
        api.MapGet("/tasks/{id}/artifacts/{**path}", FileAsync).RequireRole(Roles.Reader).Shows(RunScope.Task);
    }

    private static async Task<IResult> StatusAsync(
        string id, HttpContext context, IRunStore runs, RunViews views, LongPoll poll, Urls urls, GateAnswers answers)
    {
        if (await AwaitedAsync(id, context, runs, views, poll) is not { } view)
            return ApiProblem.NotFound("task", id);
        if (!view.Task.Status.IsTerminal())
            Answer.RetryAfter(context, LookAgainAfter);
        return Answer.Json(TaskBody.Of(context, urls, view) with { Questions = await QuestionsAsync(view.Task, context, answers) });
    }

    private static async Task<IReadOnlyList<ApprovalBody>?> QuestionsAsync(TaskRecord task, HttpContext context, GateAnswers answers) =>
        task.Status == WorkStatus.Waiting && await answers.OpenAsync(task, context.RequestAborted) is { Count: > 0 } open
            ? [.. open.Select(gate => ApprovalBody.Of(gate, context.Caller()))]
            : null;

    private static async Task<IResult> ResultAsync(
        string id, HttpContext context, IRunStore runs, RunViews views, LongPoll poll, IArtifactStore artifacts, Urls urls)
    {
        if (await AwaitedAsync(id, context, runs, views, poll) is not { Task: var task })
            return ApiProblem.NotFound("task", id);
        if (task.Status.IsTerminal())
            return new ResultAnswer(task, artifacts, urls);
        return new ApiProblem(StatusCodes.Status409Conflict, $"The task has not ended yet: it is {EnumWords<WorkStatus>.Write(task.Status)}. Ask again later, or with ?wait=30s.")
        {
            Kind = "not-ended",
            RetryAfter = LookAgainAfter,
            Members = new Dictionary<string, object?> { ["task_status"] = task.Status },
        };
    }

    // Found by its name among the task's files: no path on a disk is ever made of it.
    private static async Task<IResult> FileAsync(string id, string path, HttpContext context, IRunStore runs, IArtifactStore artifacts)
    {
        if (await runs.GetTaskAsync(id, context.RequestAborted) is not { } task)
            return ApiProblem.NotFound("task", id);
        if (task.FilesCreated.FirstOrDefault(file => file.Path == path) is not { Artifact: var artifact })
            return ApiProblem.NotFound("file of this task", path);
        return await artifacts.OpenAsync(artifact.Hash, context.RequestAborted) is { } content
            ? Download.Of(context, content, artifact.Hash, path[(path.LastIndexOf('/') + 1)..], artifact.MediaType)
            : ApiProblem.NotFound("artifact", artifact.Hash);
    }

    private static async Task<TaskView?> AwaitedAsync(string id, HttpContext context, IRunStore runs, RunViews views, LongPoll poll)
    {
        var wait = LongPoll.WaitOf(context);
        var view = await views.GetTaskAsync(id, context.RequestAborted);
        if (view is null || wait == TimeSpan.Zero || view.Task.Status.IsTerminal())
            return view;
        await poll.WaitAsync(
            view.Task.RunId, wait, async cancel => (await runs.GetTaskAsync(id, cancel))?.Status.IsTerminal() ?? true, context.RequestAborted);
        return await views.GetTaskAsync(id, context.RequestAborted);
    }
}
