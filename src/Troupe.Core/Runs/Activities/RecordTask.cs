using Troupe.Core.Approvals;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Writes a change of a task, with its event, to the records.</summary>
public sealed class RecordTask(IRunStore runs, ResultGates results, TimeProvider time) : Activity<TaskChange, bool>
{
    public override async Task<bool> RunAsync(ActivityContext context, TaskChange change)
    {
        var now = time.GetUtcNow();
        // First the question: who learns that the task waits must find it.
        if (change is { Status: WorkStatus.Waiting, RequiresImplementation: true })
            await results.OpenAsync(change.TaskId, context.CancellationToken);
        var record = await runs.UpdateTaskAsync(
            change.TaskId, new Change<TaskRecord>(task => Apply(task, change, now), change.Revision, EventOf(change)), context.CancellationToken);
        return record is not null;
    }

    private static TaskRecord Apply(TaskRecord task, TaskChange change, DateTimeOffset now) => task with
    {
        Status = change.Status,
        CompletedAt = change.Status.IsTerminal() ? now : null,
        NextRetryAt = change.NextRetryAt,
        CurrentStep = change.Status.IsTerminal() ? null : change.CurrentStep,
        Error = change.Status == WorkStatus.Completed ? null : change.Failure ?? task.Error,
        RequiresImplementation = change.RequiresImplementation,
        Usage = task.Usage.Add(change.Usage),
        Result = change.Result ?? task.Result,
        ResultType = change.Result is null ? task.ResultType : change.IsJson ? ResultType.Json : task.FilesCreated.Count > 0 ? ResultType.File : ResultType.Summary,
        Summary = change.Summary ?? task.Summary,
        Provider = change.Provider ?? task.Provider,
        Model = change.Model ?? task.Model,
        Simulated = change.Simulated || task.Simulated,
        FallbackReason = change.FallbackReason ?? task.FallbackReason,
        ExecutorId = change.ExecutorId ?? task.ExecutorId,
    };

    private static NewEvent EventOf(TaskChange change)
    {
        var type = change.Status switch
        {
            WorkStatus.Completed => EventTypes.TaskCompleted,
            WorkStatus.Failed => EventTypes.TaskFailed,
            WorkStatus.Cancelled => EventTypes.TaskCancelled,
            WorkStatus.Skipped => EventTypes.TaskSkipped,
            WorkStatus.Retrying => EventTypes.TaskRetrying,
            WorkStatus.Waiting => EventTypes.TaskWaiting,
            _ => EventTypes.TaskProgress,
        };
        return EventData.Of(type, change.TaskId, $"task:{change.TaskId}:{change.Revision}", new
        {
            change.Attempt,
            change.NextRetryAt,
            change.Summary,
            Error = EventData.Brief(change.Failure),
            RequiresImplementation = change.RequiresImplementation ? true : (bool?)null,
        });
    }
}

/// <summary>One change of a task.</summary>
public sealed record TaskChange
{
    public string TaskId { get; init; } = "";

    public long Revision { get; init; }

    public required WorkStatus Status { get; init; }

    public int? Attempt { get; init; }

    public DateTimeOffset? NextRetryAt { get; init; }

    public string? CurrentStep { get; init; }

    public Failure? Failure { get; init; }

    public bool RequiresImplementation { get; init; }

    /// <summary>Of the attempt that this change ends; added to what the task has used before.</summary>
    public Usage Usage { get; init; } = Usage.None;

    public Content? Result { get; init; }

    public bool IsJson { get; init; }

    public string? Summary { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public bool Simulated { get; init; }

    public string? FallbackReason { get; init; }

    public string? ExecutorId { get; init; }
}
