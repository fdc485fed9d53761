using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;

namespace Troupe.Core.Runs;

public enum CallbackResult
{
    Accepted,

    /// <summary>That delivery was received before; nothing was done.</summary>
    Duplicate,
    RunNotFound,

    /// <summary>The run's workflow waits for no callback of that name.</summary>
    UnknownName,

    /// <summary>The run has ended.</summary>
    Ended,
}

/// <summary>Takes other systems' callbacks. One that comes before its gate opens is kept for it.</summary>
public sealed class CallbackReceiver(IRunStore runs, IGateStore gates, IArtifactStore artifacts, PlanCache plans, RunControl control, TimeProvider time)
{
    public async Task<CallbackResult> ReceiveAsync(string runId, string name, string deliveryId, string json, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        if (run is null)
            return CallbackResult.RunNotFound;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var node = plan.Nodes.FirstOrDefault(node => node.Gate is { Type: GateType.Callback } gate && string.Equals(gate.Callback, name, StringComparison.Ordinal));
        if (node is null)
            return CallbackResult.UnknownName;
        if (run.Status.IsTerminal())
            return CallbackResult.Ended;
        var callback = new CallbackRecord(runId, name, deliveryId, await artifacts.ToContentAsync(json, cancellationToken, "application/json"), time.GetUtcNow());
        var isNew = await gates.TryAddCallbackAsync(
            callback,
            [EventData.Of(EventTypes.CallbackReceived, null, $"callback:{name}:{deliveryId}", new { Name = name, DeliveryId = deliveryId })],
            cancellationToken);
        await CloseAsync(RunIds.Child(runId, node.Key), callback, cancellationToken);
        return isNew ? CallbackResult.Accepted : CallbackResult.Duplicate;
    }

    /// <summary>Closes the gate if it is open; if it opens later it finds the callback itself.</summary>
    private async Task CloseAsync(string gateId, CallbackRecord callback, CancellationToken cancellationToken)
    {
        if (await GateClosing.ReceiveAsync(gates, gateId, callback, cancellationToken) is { Acknowledged: false })
            await control.TellAsync(gateId, new Envelope($"callback-{callback.DeliveryId}", EnvelopeKinds.Gate), cancellationToken);
    }
}
