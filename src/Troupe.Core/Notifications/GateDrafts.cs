using System.Text.Json;
using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Notifications;

/// <summary>Puts what happens to gates into words: those who decide are asked, the run's user hears how it went.</summary>
internal static class GateDrafts
{
    public static bool Writes(string eventType) =>
        eventType.StartsWith("approval.", StringComparison.Ordinal) || eventType.StartsWith("question.", StringComparison.Ordinal) || eventType.StartsWith("callback.", StringComparison.Ordinal);

    /// <summary>Null where nobody needs to be told (any more).</summary>
    public static NotificationDraft? Of(RunRecord run, RunEvent told, GateRecord? gate) => (told.Type, gate) switch
    {
        (_, null) => null,
        (EventTypes.ApprovalRequested, _) => Ask(run, gate, "An approval is asked for"),
        (EventTypes.ApprovalReminder, _) => Ask(run, gate, "An approval is still waited for"),
        (EventTypes.ApprovalEscalated, _) => Ask(run, gate, "An approval is overdue"),
        (EventTypes.QuestionAsked, { Question.Kind: QuestionKind.Result }) => Ask(run, gate, "A result is to be supplied"),
        (EventTypes.QuestionAsked, _) => Ask(run, gate, "An answer is asked for"),
        (EventTypes.ApprovalDecided, { Status: GateStatus.Approved or GateStatus.Rejected }) when gate.ClosedBy != run.User && IsBy(told, gate.ClosedBy) => Tell(run, gate, ClosedWords.Of(gate), gate.Comment),
        (EventTypes.ApprovalTimedOut, _) => new(NotificationType.Alert, $"Nobody decided in time: {gate.Title}", $"It counts as {(Approves(told) ? "approved" : "rejected")}. {Of(run)}"),
        (EventTypes.QuestionTimedOut, _) => new(NotificationType.Alert, $"Nobody answered in time: {gate.Title}", Of(run)),
        (EventTypes.CallbackAwaited, { Status: GateStatus.Pending }) => new(NotificationType.Update, $"{run.Name} waits for the callback {gate.Title}", Of(run)),
        (EventTypes.CallbackTimedOut, _) => new(NotificationType.Alert, $"The callback did not come in time: {gate.Title}", Of(run)),
        _ => null,
    };

    private static NotificationDraft Ask(RunRecord run, GateRecord gate, string what) =>
        new(NotificationType.ApprovalRequested, $"{what}: {gate.Title}", Of(run)) { GateId = gate.Id };

    private static NotificationDraft Tell(RunRecord run, GateRecord gate, string how, string? comment) =>
        new(NotificationType.Update, $"{gate.Title}: {how}", comment ?? Of(run));

    /// <summary>Tells the decision that closed the gate from those before it, which may be read after it.</summary>
    private static bool IsBy(RunEvent told, string? user) => told.Data.TryGetProperty("user", out var by) && by.ValueKind == JsonValueKind.String && by.GetString() == user;

    private static bool Approves(RunEvent told) => told.Data.TryGetProperty("approved", out var approved) && approved.ValueKind == JsonValueKind.True;

    private static string Of(RunRecord run) => $"{run.Name}, launched by {run.User}";
}
