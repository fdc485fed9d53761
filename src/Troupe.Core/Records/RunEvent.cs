using System.Text.Json;

namespace Troupe.Core.Records;

/// <summary>One thing worth telling of a run. Events are only ever appended.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">1, 2, 3 … within the run, without gaps.</param>
/// <param name="Position">Rising over all runs, for readers of everything; gaps are possible.</param>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="Time">When it was stored.</param>
/// <param name="TaskId">The task it is about, if any.</param>
/// <param name="Data">Small data of that type; at most 4 KB.</param>
public sealed record RunEvent(
    string RunId, long Sequence, long Position, string Type, DateTimeOffset Time, string? TaskId, JsonElement Data);

/// <summary>An event to append. Where a key is given, a second event of the run with that key is dropped.</summary>
public sealed record NewEvent(string Type, string? TaskId, JsonElement Data, string? DedupKey = null);

public static class EventTypes
{
    public const string RunQueued = "run.queued";
    public const string RunStarted = "run.started";
    public const string RunPaused = "run.paused";
    public const string RunResumed = "run.resumed";
    public const string RunCancelRequested = "run.cancel_requested";
    public const string RunCompleted = "run.completed";
    public const string RunFailed = "run.failed";
    public const string RunCancelled = "run.cancelled";
    public const string PhaseStarted = "phase.started";
    public const string PhaseCompleted = "phase.completed";
    public const string MilestoneReached = "milestone.reached";
    public const string TaskStarted = "task.started";
    public const string TaskProgress = "task.progress";
    public const string TaskRetrying = "task.retrying";
    public const string TaskWaiting = "task.waiting";
    public const string TaskCompleted = "task.completed";
    public const string TaskFailed = "task.failed";
    public const string TaskCancelled = "task.cancelled";
    public const string TaskSkipped = "task.skipped";
    public const string ApprovalRequested = "approval.requested";
    public const string ApprovalEscalated = "approval.escalated";
    public const string ApprovalReminder = "approval.reminder";
    public const string ApprovalDecided = "approval.decided";
    public const string ApprovalTimedOut = "approval.timed_out";
    public const string QuestionAsked = "question.asked";
    public const string QuestionAnswered = "question.answered";
    public const string QuestionTimedOut = "question.timed_out";
    public const string CallbackAwaited = "callback.awaited";
    public const string CallbackReceived = "callback.received";
    public const string CallbackRefused = "callback.refused";
    public const string CallbackTimedOut = "callback.timed_out";
}
