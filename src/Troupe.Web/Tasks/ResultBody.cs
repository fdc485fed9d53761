using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Web.Hosting;
using Troupe.Web.Views;

namespace Troupe.Web.Tasks;

/// <summary>What a finished task left, but for the result itself, which may be large and is written beside it.</summary>
internal sealed record ResultBody
{
    public required string TaskId { get; init; }

    public required string WorkflowId { get; init; }

    public required WorkStatus Status { get; init; }

    public ResultType? ResultType { get; init; }

    public required IReadOnlyList<FileBody> FilesCreated { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>US dollars; absent where the model has no price.</summary>
    public decimal? Cost { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool Simulated { get; init; }

    public ErrorBody? Error { get; init; }

    public static ResultBody Of(HttpContext context, Urls urls, TaskRecord task) => new()
    {
        TaskId = task.Id,
        WorkflowId = task.RunId,
        Status = task.Status,
        ResultType = task.ResultType,
        FilesCreated = [.. task.FilesCreated.Select(file => FileBody.Of(context, urls, task.Id, file))],
        Usage = task.Usage,
        Cost = task.Usage.CostUsd,
        Provider = task.Provider,
        Model = task.Model,
        Simulated = task.Simulated,
        Error = ErrorBody.Of(task.Error),
    };
}
