using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;
using Troupe.Web.Access;

namespace Troupe.Web.Views;

/// <summary>Where a run stands.</summary>
internal sealed record RunBody
{
    public required string WorkflowId { get; init; }

    public required RunKind Kind { get; init; }

    public required string Name { get; init; }

    public required WorkStatus Status { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public required IReadOnlyList<PhaseBody> Phases { get; init; }

    public int TaskCount { get; init; }

    public bool CancelRequested { get; init; }

    public string? CancelReason { get; init; }

    public bool PauseRequested { get; init; }

    public string? ForkedFrom { get; init; }

    public ErrorBody? Error { get; init; }

    public required Usage Usage { get; init; }

    public string? Attention { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Metadata { get; init; }

    public required RunOptions Options { get; init; }

    /// <summary>This and the rest are told of a single run only.</summary>
    public ProgressBody? Progress { get; init; }

    /// <summary>Tasks by status.</summary>
    public IReadOnlyDictionary<string, int>? TaskCounts { get; init; }

    /// <summary>The task whose result is the run's; absent for a batch.</summary>
    public string? ResultTaskId { get; init; }

    public static RunBody Of(HttpContext context, RunView view, string? resultTaskId) => Of(context, view.Run) with
    {
        Usage = view.Totals.Usage,
        Progress = ProgressBody.Of(view.Progress),
        TaskCounts = view.Totals.Counts.ToDictionary(static count => EnumWords<WorkStatus>.Write(count.Key), static count => count.Value),
        ResultTaskId = resultTaskId,
    };

    public static RunBody Of(HttpContext context, RunRecord run) => new()
    {
        WorkflowId = run.Id,
        Kind = run.Kind,
        Name = run.Name,
        Status = run.Status,
        User = run.User,
        CreatedAt = run.CreatedAt,
        StartedAt = run.StartedAt,
        CompletedAt = run.CompletedAt,
        StartAt = run.StartAt,
        Phases = [.. run.Phases.Select(PhaseBody.Of)],
        TaskCount = run.TaskCount,
        CancelRequested = run.CancelRequested,
        CancelReason = run.CancelReason,
        PauseRequested = run.PauseRequested,
        ForkedFrom = run.ForkedFrom,
        Error = ErrorBody.Of(run.Error),
        Usage = run.Usage,
        Attention = run.Attention,
        Tags = run.Tags,
        Metadata = run.Metadata,
        Options = context.OptionsOf(run),
    };
}

internal sealed record PhaseBody(
    string Id, string Title, WorkStatus Status, double Weight, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt)
{
    public static PhaseBody Of(PhaseRecord phase) =>
        new(phase.Id, phase.Title, phase.Status, phase.Weight, phase.StartedAt, phase.CompletedAt);
}
