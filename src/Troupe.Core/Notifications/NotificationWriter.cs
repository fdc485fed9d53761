using System.Collections.Frozen;
using System.Text.Json;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Puts events into words. A run of a single task is told of as a task alone; a batch by its failures and its end.</summary>
internal sealed class NotificationWriter(IRunStore runs, IGateStore gates)
{
    private const int MaxTitle = 200;
    private const int MaxText = 500;

    private static readonly FrozenSet<string> Written = FrozenSet.Create(
        StringComparer.Ordinal,
        EventTypes.PhaseStarted,
        EventTypes.PhaseCompleted,
        EventTypes.MilestoneReached,
        EventTypes.TaskCompleted,
        EventTypes.TaskFailed,
        EventTypes.RunCompleted,
        EventTypes.RunFailed,
        EventTypes.RunCancelled,
        EventTypes.ApprovalRequested,
        EventTypes.ApprovalEscalated,
        EventTypes.ApprovalReminder,
        EventTypes.ApprovalDecided,
        EventTypes.ApprovalTimedOut,
        EventTypes.QuestionAsked,
        EventTypes.QuestionTimedOut,
        EventTypes.CallbackAwaited,
        EventTypes.CallbackTimedOut);

    public static bool Writes(string eventType) => Written.Contains(eventType);

    /// <summary>Null where nobody needs to be told.</summary>
    public async Task<NotificationDraft?> WriteAsync(RunRecord run, RunEvent told, CancellationToken cancellationToken)
    {
        if (IsQuiet(run, told))
            return null;
        var draft = GateDrafts.Writes(told.Type) ? GateDrafts.Of(run, told, await GateAsync(told, cancellationToken))
            : told.TaskId is { } taskId && await runs.GetTaskAsync(taskId, cancellationToken) is { } task ? OfTask(run, task, told)
            : OfRun(run, told);
        return draft is null ? null : draft with { Title = draft.Title.Shorten(MaxTitle), Text = draft.Text is { } text ? text.Shorten(MaxText) : null };
    }

    private static NotificationDraft? OfTask(RunRecord run, TaskRecord task, RunEvent told)
    {
        var title = run.Kind == RunKind.Task ? run.Name : $"{run.Name}: {task.Title}";
        return told.Type switch
        {
            EventTypes.TaskCompleted => new(NotificationType.TaskComplete, $"{title} is complete", task.Summary),
            EventTypes.TaskFailed => new(NotificationType.TaskFailure, $"{title} has failed", ErrorOf(told) ?? task.Error?.Message),
            _ => null,
        };
    }

    private static NotificationDraft? OfRun(RunRecord run, RunEvent told) => told.Type switch
    {
        _ when run.Kind == RunKind.Task => null,
        EventTypes.RunFailed => new(NotificationType.Alert, $"{run.Name} has failed", ErrorOf(told) ?? run.Error?.Message),
        EventTypes.RunCompleted when WantsEnd(run) => new(NotificationType.Update, $"{run.Name} is complete"),
        EventTypes.RunCancelled when WantsEnd(run) => new(NotificationType.Update, $"{run.Name} was cancelled", run.CancelReason),
        EventTypes.MilestoneReached => new(NotificationType.Milestone, $"{run.Name}: {Text(told, "milestone") ?? PhaseOf(run, told)}"),
        _ when run.Kind == RunKind.Batch => null,
        EventTypes.PhaseStarted => new(NotificationType.PhaseStart, $"{run.Name}: {PhaseOf(run, told)} has begun"),
        EventTypes.PhaseCompleted => new(NotificationType.PhaseComplete, $"{run.Name}: {PhaseOf(run, told)} is complete"),
        _ => null,
    };

    private async Task<GateRecord?> GateAsync(RunEvent told, CancellationToken cancellationToken) =>
        Text(told, "gate") is { } id ? await gates.GetAsync(id, cancellationToken) : null;

    private static bool WantsEnd(RunRecord run) => run.Options.OnCompletion is { Action: CompletionAction.Notify };

    /// <summary>A task's completion of which nobody is told.</summary>
    private static bool IsQuiet(RunRecord run, RunEvent told) => told.Type == EventTypes.TaskCompleted
        && (run.Kind == RunKind.Batch || (run.Kind == RunKind.Task && run.Options.OnCompletion is { Action: CompletionAction.None }));

    private static string PhaseOf(RunRecord run, RunEvent told)
    {
        var id = Text(told, "phase");
        return run.Phases.FirstOrDefault(phase => phase.Id == id)?.Title ?? id ?? "a phase";
    }

    private static string? ErrorOf(RunEvent told) =>
        told.Data.ValueKind == JsonValueKind.Object && told.Data.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("message", out var message) ? message.GetString() : null;

    private static string? Text(RunEvent told, string name) =>
        told.Data.ValueKind == JsonValueKind.Object && told.Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
