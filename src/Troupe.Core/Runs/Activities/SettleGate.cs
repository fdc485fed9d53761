using Troupe.Core.Approvals;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>
/// Reads how a gate stands, closing it first where time is up or the run is cancelled. An open one is <c>waiting</c>. What an approver edited
/// is written to the run before the gate lets anything pass.
/// </summary>
public sealed class SettleGate(IGateStore gates, IRunStore runs, TimeProvider time) : Activity<GateSettlement, NodeOutcome>
{
    public override async Task<NodeOutcome> RunAsync(ActivityContext context, GateSettlement input)
    {
        var id = RunIds.Child(input.Input.RunId, input.Input.Key);
        var (definition, now, close) = (input.Input.Gate, time.GetUtcNow(), input.Close);
        var title = definition.Title ?? definition.Callback ?? input.Input.Title;
        if (await gates.GetAsync(id, context.CancellationToken) is { ClosedWithRun: true }
            && await runs.GetRunAsync(input.Input.RunId, context.CancellationToken) is { MayGoOn: true })
            await GateClosing.ReopenAsync(gates, id, context.CancellationToken);
        if (input.Escalate)
        {
            var longer = definition.EscalateTimeout ?? definition.Timeout!.Value;
            await GateClosing.EscalateAsync(gates, id, title, definition.EscalateTo, now + longer, context.CancellationToken);
            close = GateStatus.Pending;
        }

        if (input.Reminder > 0)
            await GateClosing.RemindAsync(gates, id, title, input.Reminder, context.CancellationToken);
        if (close == GateStatus.TimedOut)
            await GateClosing.TimeOutAsync(gates, id, definition.Type, title, definition.OnTimeout, now, context.CancellationToken);

        var gate = await GateClosing.SettleAsync(gates, id, close, now, context.CancellationToken)
            ?? throw new InvalidDataException($"There is no record of the gate '{id}'.");
        var outcome = OutcomeOf(gate, definition);
        if (outcome.Status == WorkStatus.Completed && gate.Edits is { } edits)
            await runs.UpdateRunAsync(gate.RunId, new Change<RunRecord>(run => RunEdits.Add(run, edits)), context.CancellationToken);
        return outcome;
    }

    private static NodeOutcome OutcomeOf(GateRecord gate, GateDefinition definition) =>
        gate.Status switch
        {
            GateStatus.Pending => new NodeOutcome(WorkStatus.Waiting),
            GateStatus.Approved or GateStatus.Received or GateStatus.Answered => new NodeOutcome(WorkStatus.Completed),
            GateStatus.Cancelled => new NodeOutcome(WorkStatus.Cancelled),
            GateStatus.TimedOut when definition.OnTimeout == OnTimeout.Approve => new NodeOutcome(WorkStatus.Completed),
            GateStatus.TimedOut => Failed(FailureKinds.TimedOut, $"Nobody answered '{gate.Title}' in time."),
            _ => Failed(FailureKinds.Rejected, $"'{gate.Title}' was rejected by {gate.ClosedBy}{(gate.Comment is { Length: > 0 } comment ? $": {comment}" : ".")}"),
        };

    private static NodeOutcome Failed(string kind, string message) => new(WorkStatus.Failed, new Failure(kind, message));
}

/// <param name="Close">How to close it if it is open; pending leaves it open.</param>
/// <param name="Escalate">Let more people decide instead of closing it.</param>
/// <param name="Reminder">The number of the reminder to send; 0 for none.</param>
public sealed record GateSettlement(GateInput Input, GateStatus Close, bool Escalate = false, int Reminder = 0);
