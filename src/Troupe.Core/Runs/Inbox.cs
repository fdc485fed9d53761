using System.Text.Json;
using Troupe.Core.Json;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// The one way that messages reach an orchestrator. Raw external events are unsafe on Durable Functions: an event after a timed-out
/// wait can be lost, and delivery is at least once. So there is one event name and one waiter that is never cancelled, and a message
/// whose id was seen before is dropped, unless it only says that something is worth a look: a forged one must not keep the real one out.
/// </summary>
internal sealed class Inbox
{
    public const string EventName = "inbox";

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private bool _waiting;
    private bool _closed;

    private Inbox()
    {
    }

    /// <summary>Hands every message of the instance to <paramref name="post"/>, each once, for as long as the orchestrator runs.</summary>
    public static Inbox Open(OrchestrationContext context, Action<Envelope> post)
    {
        var inbox = new Inbox();
        _ = inbox.PumpAsync(context, post);
        return inbox;
    }

    /// <summary>
    /// Takes no further message, so that they are the next execution's. It can only be closed from within <c>post</c>: whatever came while
    /// it waits would be lost.
    /// </summary>
    public bool TryClose() => _closed |= !_waiting;

    private async Task PumpAsync(OrchestrationContext context, Action<Envelope> post)
    {
        while (!_closed)
        {
            _waiting = true;
            var message = await context.WaitForExternalEvent<JsonElement>(EventName);
            _waiting = false;
            if (TryRead(message) is { } envelope && (IsHint(envelope) || _seen.Add(envelope.Id)))
                post(envelope);
        }
    }

    private static bool IsHint(Envelope envelope) => envelope.Kind is EnvelopeKinds.Cancel or EnvelopeKinds.Gate or EnvelopeKinds.Answer;

    /// <summary>Operators can raise anything under that name; what is no envelope must not stop the pump.</summary>
    private static Envelope? TryRead(JsonElement message)
    {
        try
        {
            return message.Deserialize<Envelope>(TroupeJson.Options) is { Id: not null, Kind: not null } envelope ? envelope : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
