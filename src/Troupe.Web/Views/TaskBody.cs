using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Web.Approvals;
using Troupe.Web.Hosting;

namespace Troupe.Web.Views;

/// <summary>Where a task stands.</summary>
internal sealed record TaskBody
{
    public required string TaskId { get; init; }

    public required string WorkflowId { get; init; }

    public required string Key { get; init; }

    public required string Title { get; init; }

    public required string Phase { get; init; }

    public string? Agent { get; init; }

    public required WorkStatus Status { get; init; }

    /// <summary>Told of a single task only.</summary>
    public ProgressBody? Progress { get; init; }

    /// <summary>What it asks people and nobody has answered yet. Told of a single task that waits only.</summary>
    public IReadOnlyList<ApprovalBody>? Questions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public int Attempt { get; init; }

    public int MaxAttempts { get; init; }

    public DateTimeOffset? NextRetryAt { get; init; }

    public ExecutionMode Mode { get; init; }

    public string? FallbackReason { get; init; }

    public bool RequiresImplementation { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public string? ExecutorId { get; init; }

    public bool Simulated { get; init; }

    public string? Summary { get; init; }

    public string? ReusedFrom { get; init; }

    public ErrorBody? Error { get; init; }

    public required Usage Usage { get; init; }

    public required string ResultUrl { get; init; }

    public static TaskBody Of(HttpContext context, Urls urls, TaskView view) =>
        Of(context, urls, view.Task) with { Progress = ProgressBody.Of(view.Progress) };

    public static TaskBody Of(HttpContext context, Urls urls, TaskRecord task) => new()
    {
        TaskId = task.Id,
        WorkflowId = task.RunId,
        Key = task.Key,
        Title = task.Title,
        Phase = task.Phase,
        Agent = task.Agent,
        Status = task.Status,
        CreatedAt = task.CreatedAt,
        StartedAt = task.StartedAt,
        CompletedAt = task.CompletedAt,
        Attempt = task.Attempt,
        MaxAttempts = task.MaxAttempts,
        NextRetryAt = task.NextRetryAt,
        Mode = task.Mode,
        FallbackReason = task.FallbackReason,
        RequiresImplementation = task.RequiresImplementation,
        Provider = task.Provider,
        Model = task.Model,
        ExecutorId = task.ExecutorId,
        Simulated = task.Simulated,
        Summary = task.Summary,
        ReusedFrom = task.ReusedFrom,
        Error = ErrorBody.Of(task.Error),
        Usage = task.Usage,
        ResultUrl = urls.TaskResult(context, task.Id),
    };
}
