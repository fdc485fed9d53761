using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Reads how a gate stands, closing it first where time is up or the run is cancelled. An open one is <c>waiting</c>.</summary>
public sealed class SettleGate(IGateStore gates, TimeProvider time) : Activity<GateSettlement, NodeOutcome>
{
    public override async Task<NodeOutcome> RunAsync(ActivityContext context, GateSettlement input)
    {
        var id = RunIds.Child(input.Input.RunId, input.Input.Key);
        if (input is { Close: GateStatus.TimedOut, Escalate: true })
            return await EscalateAsync(id, input.Input.Gate, context.CancellationToken);
        var gate = await GateClosing.SettleAsync(gates, id, input.Close, time.GetUtcNow(), context.CancellationToken)
            ?? throw new InvalidDataException($"There is no record of the gate '{id}'.");
        return OutcomeOf(gate, input.Input.Gate);
    }

    private async Task<NodeOutcome> EscalateAsync(string id, GateDefinition definition, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + definition.Timeout!.Value;
        var gate = await GateClosing.EscalateAsync(gates, id, definition.EscalateTo, until, cancellationToken)
            ?? throw new InvalidDataException($"There is no record of the gate '{id}'.");
        return OutcomeOf(gate, definition);
    }

    private static NodeOutcome OutcomeOf(GateRecord gate, GateDefinition definition) =>
        gate.Status switch
        {
            GateStatus.Pending => new NodeOutcome(WorkStatus.Waiting),
            GateStatus.Approved or GateStatus.Received => new NodeOutcome(WorkStatus.Completed),
            GateStatus.Cancelled => new NodeOutcome(WorkStatus.Cancelled),
            GateStatus.TimedOut when definition.OnTimeout == OnTimeout.Approve => new NodeOutcome(WorkStatus.Completed),
            GateStatus.TimedOut => Failed(FailureKinds.TimedOut, $"Nobody answered '{gate.Title}' in time."),
            _ => Failed(FailureKinds.Rejected, $"'{gate.Title}' was rejected by {gate.ClosedBy}{(gate.Comment is { Length: > 0 } comment ? $": {comment}" : ".")}"),
        };

    private static NodeOutcome Failed(string kind, string message) => new(WorkStatus.Failed, new Failure(kind, message));
}

/// <param name="Close">How to close it if it is open; pending leaves it open.</param>
/// <param name="Escalate">With a timeout: let more people decide instead of closing.</param>
public sealed record GateSettlement(GateInput Input, GateStatus Close, bool Escalate = false);
