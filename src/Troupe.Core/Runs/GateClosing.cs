using System.Globalization;
using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;

namespace Troupe.Core.Runs;

/// <summary>The ways in which a gate's row is closed. Whoever is first wins; later ones change nothing.</summary>
internal static class GateClosing
{
    public static Task<GateRecord?> ReceiveAsync(IGateStore gates, string gateId, CallbackRecord callback, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(gate => gate.Status != GateStatus.Pending ? gate : gate with
            {
                Status = GateStatus.Received,
                ClosedAt = callback.ReceivedAt,
                ClosedBy = $"callback {callback.DeliveryId}",
                Payload = callback.Payload,
            }),
            cancellationToken);

    /// <summary>Closes a question with its first answer.</summary>
    public static Task<GateRecord?> AnswerAsync(IGateStore gates, string gateId, GateAnswer answer, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(
                gate => gate.Status != GateStatus.Pending ? gate : gate with { Status = GateStatus.Answered, ClosedAt = answer.At, ClosedBy = answer.User, Answer = answer },
                Events: EventData.Of(EventTypes.QuestionAnswered, null, $"answered:{gateId}", new { Gate = gateId, answer.User })),
            cancellationToken);

    /// <summary>
    /// Counts a decision. The gate closes with the first rejection, or with the approval that makes the quorum. Edits count only before
    /// anybody has approved, so that all approve the same.
    /// </summary>
    public static Task<GateRecord?> DecideAsync(
        IGateStore gates, string gateId, GateDecision decision, GateEdits? edits, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(
                gate => !Counts(gate, decision, edits) ? gate : Count(gate with { Edits = gate.Edits ?? edits }, decision),
                Events: EventData.Of(EventTypes.ApprovalDecided, null, $"decided:{gateId}:{decision.User}", new
                {
                    Gate = gateId,
                    decision.Approved,
                    decision.User,
                    Comment = decision.Comment is { } comment ? comment.Shorten(500) : null,
                    decision.Via,
                    Edits = EditData.Brief(edits),
                })),
            cancellationToken);

    private static bool Counts(GateRecord gate, GateDecision decision, GateEdits? edits) =>
        gate.Status == GateStatus.Pending
        && !gate.Decisions.Any(made => made.User == decision.User)
        && (edits is null || !gate.Decisions.Any(static made => made.Approved));

    private static GateRecord Count(GateRecord gate, GateDecision decision)
    {
        var decided = gate with { Decisions = [.. gate.Decisions, decision] };
        if (decision.Approved && decided.Decisions.Count(static made => made.Approved) < gate.Quorum)
            return decided;
        return decided with
        {
            Status = decision.Approved ? GateStatus.Approved : GateStatus.Rejected,
            ClosedAt = decision.At,
            ClosedBy = decision.User,
            Comment = decision.Comment,
        };
    }

    /// <summary>Lets more people decide, until a new deadline. An open gate is escalated once.</summary>
    public static Task<GateRecord?> EscalateAsync(
        IGateStore gates, string gateId, string title, IReadOnlyList<string> users, DateTimeOffset until, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(
                gate => gate.Status != GateStatus.Pending || gate.Escalated ? gate : gate with
                {
                    Escalated = true,
                    ExpiresAt = until,
                    Approvers = gate.Approvers.Count == 0 ? [] : [.. gate.Approvers.Union(users, StringComparer.Ordinal)],
                },
                Events: EventData.Of(EventTypes.ApprovalEscalated, null, $"escalated:{gateId}", new { Gate = gateId, Title = title, To = users, Until = until })),
            cancellationToken);

    /// <summary>Counts a reminder of an open gate and tells it.</summary>
    public static Task<GateRecord?> RemindAsync(IGateStore gates, string gateId, string title, int number, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(
                gate => gate.Status != GateStatus.Pending || gate.Reminders >= number ? gate : gate with { Reminders = number },
                Events: EventData.Of(EventTypes.ApprovalReminder, null, string.Create(CultureInfo.InvariantCulture, $"reminder:{gateId}:{number}"), new { Gate = gateId, Title = title, Number = number })),
            cancellationToken);

    /// <summary>Closes a gate whose time is up, if it is still open.</summary>
    public static Task<GateRecord?> TimeOutAsync(
        IGateStore gates, string gateId, GateType type, string title, OnTimeout counts, DateTimeOffset now, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(
                gate => gate.Status != GateStatus.Pending ? gate : gate with { Status = GateStatus.TimedOut, ClosedAt = now },
                Events: type switch
                {
                    GateType.Callback => EventData.Of(EventTypes.CallbackTimedOut, null, $"timed-out:{gateId}", new { Gate = gateId, Title = title }),
                    GateType.Question => EventData.Of(EventTypes.QuestionTimedOut, null, $"timed-out:{gateId}", new { Gate = gateId, Title = title }),
                    _ => EventData.Of(EventTypes.ApprovalTimedOut, null, $"timed-out:{gateId}", new { Gate = gateId, Title = title, Approved = counts == OnTimeout.Approve }),
                }),
            cancellationToken);

    /// <summary>Closes a gate that is still open and marks the decision as taken in by the orchestration.</summary>
    public static Task<GateRecord?> SettleAsync(
        IGateStore gates, string gateId, GateStatus close, DateTimeOffset now, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(gate => gate switch
            {
                { Status: GateStatus.Pending } when close == GateStatus.Pending => gate,
                { Status: GateStatus.Pending } => gate with { Status = close, ClosedAt = now, Acknowledged = true },
                _ => gate with { Acknowledged = true, ClosedWithRun = false },
            }),
            cancellationToken);

    /// <summary>
    /// Closes a gate whose run has ended, because it may outlive its orchestration: nobody may be asked any more, and no decision waits to be
    /// taken in.
    /// </summary>
    public static Task<GateRecord?> CloseWithRunAsync(IGateStore gates, string gateId, DateTimeOffset now, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(gate => gate switch
            {
                { Acknowledged: true } => gate,
                { Status: GateStatus.Pending } => gate with { Status = GateStatus.Cancelled, ClosedAt = now, Acknowledged = true, ClosedWithRun = true },
                _ => gate with { Acknowledged = true, ClosedWithRun = true },
            }),
            cancellationToken);

    /// <summary>Takes that back, because the run goes on.</summary>
    public static Task<GateRecord?> ReopenAsync(IGateStore gates, string gateId, CancellationToken cancellationToken) =>
        gates.UpdateAsync(
            gateId,
            new Change<GateRecord>(static gate => gate switch
            {
                { ClosedWithRun: false } => gate,
                { Status: GateStatus.Cancelled } => gate with { Status = GateStatus.Pending, ClosedAt = null, Acknowledged = false, ClosedWithRun = false },
                _ => gate with { Acknowledged = false, ClosedWithRun = false },
            }),
            cancellationToken);
}
