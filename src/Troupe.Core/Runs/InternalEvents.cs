using Troupe.Core.Concurrency;

namespace Troupe.Core.Runs;

/// <summary>What the server's orchestrations tell each other: permits, limits, commands that stand on a run's row.</summary>
public static class InternalEvents
{
    /// <summary>Whether an event is one of these, or is for an orchestration that hears no others and never ends.</summary>
    public static bool Includes(string instanceId, string eventName) =>
        string.Equals(eventName, Inbox.EventName, StringComparison.OrdinalIgnoreCase) || DurableConcurrencyGate.IsGate(instanceId);
}
