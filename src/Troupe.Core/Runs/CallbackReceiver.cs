using System.Globalization;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
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

    /// <summary>The run has ended, or waits for this callback no more.</summary>
    Ended,

    /// <summary>Another delivery was received before: the first one counts.</summary>
    Superseded,

    /// <summary>That delivery was received before, with another body.</summary>
    OtherBody,
}

/// <summary>Takes other systems' callbacks. One that comes before its gate opens is kept for it; of several the first one counts. What is refused is told in the run's log.</summary>
public sealed class CallbackReceiver(
    IRunStore runs, IGateStore gates, IEventLog events, IArtifactStore artifacts, PlanCache plans, RunControl control, TimeProvider time)
{
    /// <summary>Whether a token opens a run's callback. A wrong one is told in the run's log.</summary>
    public async Task<bool> OpensAsync(string runId, string name, string token, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        if (CallbackTokens.Opens(run, name, token))
            return true;
        if (run is not null)
            await RefuseAsync(runId, null, null, "wrong_token", cancellationToken);
        return false;
    }

    public async Task<CallbackResult> ReceiveAsync(string runId, string name, string deliveryId, string json, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        if (run is null)
            return CallbackResult.RunNotFound;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var node = plan.Nodes.FirstOrDefault(node => node.Gate is { Type: GateType.Callback } gate && string.Equals(gate.Callback, name, StringComparison.Ordinal));
        var callback = new CallbackRecord(runId, name, deliveryId, await artifacts.ToContentAsync(json, cancellationToken, "application/json"), time.GetUtcNow());
        var result = node is null ? CallbackResult.UnknownName : await TakeAsync(run, RunIds.Child(runId, node.Key), callback, cancellationToken);
        if (ReasonOf(result) is { } reason)
            await RefuseAsync(runId, node is null ? null : name, deliveryId, reason, cancellationToken);
        return result;
    }

    private async Task<CallbackResult> TakeAsync(RunRecord run, string gateId, CallbackRecord callback, CancellationToken cancellationToken)
    {
        var first = await gates.GetCallbackAsync(run.Id, callback.Name, cancellationToken);
        if (first?.DeliveryId == callback.DeliveryId && first.Payload != callback.Payload)
            return CallbackResult.OtherBody;
        var isRepeat = first?.DeliveryId == callback.DeliveryId;
        if (!isRepeat && (run.Status.IsTerminal() || await HasClosedAsync(gateId, cancellationToken)))
            return CallbackResult.Ended;
        if (first is not null && !isRepeat)
            return CallbackResult.Superseded;
        var isNew = await gates.TryAddCallbackAsync(
            callback,
            [EventData.Of(EventTypes.CallbackReceived, null, $"callback:{callback.Name}", new { callback.Name, callback.DeliveryId })],
            cancellationToken);
        // Of two at the same instant the store knows which one was first.
        if (isNew && await gates.GetCallbackAsync(run.Id, callback.Name, cancellationToken) is { } counted && counted.DeliveryId != callback.DeliveryId)
            return CallbackResult.Superseded;
        await CloseAsync(gateId, callback, cancellationToken);
        return isNew ? CallbackResult.Accepted : CallbackResult.Duplicate;
    }

    /// <summary>Without a callback: its time was up, or its run was cancelled.</summary>
    private async Task<bool> HasClosedAsync(string gateId, CancellationToken cancellationToken) =>
        await gates.GetAsync(gateId, cancellationToken) is { Status: GateStatus.TimedOut or GateStatus.Cancelled };

    /// <summary>Closes the gate if it is open; if it opens later it finds the callback itself.</summary>
    private async Task CloseAsync(string gateId, CallbackRecord callback, CancellationToken cancellationToken)
    {
        if (await GateClosing.ReceiveAsync(gates, gateId, callback, cancellationToken) is { Acknowledged: false })
            await control.TellAsync(gateId, new Envelope($"callback-{callback.DeliveryId}", EnvelopeKinds.Gate), cancellationToken);
    }

    private static string? ReasonOf(CallbackResult result) => result switch
    {
        CallbackResult.UnknownName => "unknown_name",
        CallbackResult.Ended => "ended",
        CallbackResult.Superseded => "received_before",
        CallbackResult.OtherBody => "other_body",
        _ => null,
    };

    /// <summary>Told at most once a minute for each reason, as anybody can send wrong ones.</summary>
    private Task RefuseAsync(string runId, string? name, string? deliveryId, string reason, CancellationToken cancellationToken)
    {
        var minute = time.GetUtcNow().ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        return events.AppendAsync(
            runId, [EventData.Of(EventTypes.CallbackRefused, null, $"callback-refused:{reason}:{minute}", new { Name = name, DeliveryId = deliveryId, Reason = reason })], cancellationToken);
    }
}
