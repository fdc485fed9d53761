using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Clients;

/// <summary>Tells instances something, within the bounds of what may wait for one.</summary>
internal sealed class Sending(EngineCore core)
{
    /// <param name="operation">What the client does, for errors.</param>
    public async Task SendAsync(string instanceId, Message message, string operation, CancellationToken cancellation, string? deliveryId = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var mayWait = new EventVolume(core.Options.MaxPendingEvents, core.Options.MaxPendingEventBytes);
        var result = await core.Writes.WriteAsync(instanceId, store => store.SendAsync(new OutgoingMessage(instanceId, message), deliveryId, mayWait));
        switch (result.Outcome)
        {
            case SendOutcome.Delivered:
                core.Directory.Post(instanceId, new Mail(message, result.Message!.Sequence));
                break;
            case SendOutcome.NotFound:
                throw new OrchestrationNotFoundException(instanceId);
            case SendOutcome.Ended:
                throw new OrchestrationInvalidStateException(instanceId, result.Status!.Value, operation);
            case SendOutcome.TooManyPending:
                throw new DurableLimitExceededException(
                    $"{result.Waiting.Count:N0} events wait for '{instanceId}' already, {result.Waiting.Bytes:N0} bytes in all. "
                    + $"At most {mayWait.Count:N0} and {mayWait.Bytes:N0} bytes may wait: it must receive some before this one is accepted.")
                {
                    MayPassLater = true,
                };
        }
    }
}
