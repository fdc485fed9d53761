namespace Troupe.Engine.Replay;

/// <summary>The events of one execution: first come, first served for each name; what nobody waits for yet is kept.</summary>
internal sealed class EventBox
{
    private readonly Dictionary<string, LinkedList<PendingTask>> _waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<EventRaised> _kept = [];

    public EventVolume KeptVolume { get; private set; }

    public bool AnyoneWaits => _waiting.Count > 0;

    /// <summary>Events that were not received, in the order in which they came.</summary>
    public IReadOnlyList<EventRaised> Kept => [.. _kept];

    public void Deliver(EventRaised raised)
    {
        if (!_waiting.TryGetValue(raised.Name, out var waiters))
        {
            _kept.AddLast(raised);
            KeptVolume += raised.Volume;
            return;
        }

        var waiter = waiters.First!.Value;
        Remove(raised.Name, waiters.First);
        waiter.Complete(raised.Payload);
    }

    /// <summary>Hands over the oldest kept event of that name; false where there is none.</summary>
    public bool TryReceive(string name, out string? payload)
    {
        for (var node = _kept.First; node is not null; node = node.Next)
        {
            if (!string.Equals(node.Value.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            payload = node.Value.Payload;
            KeptVolume -= node.Value.Volume;
            _kept.Remove(node);
            return true;
        }

        payload = null;
        return false;
    }

    /// <summary>Adds a waiter; the returned action takes it out again and says whether it was still waiting.</summary>
    public Func<bool> Wait(string name, PendingTask waiter)
    {
        if (!_waiting.TryGetValue(name, out var waiters)) _waiting.Add(name, waiters = []);
        var node = waiters.AddLast(waiter);
        return () =>
        {
            if (node.List is null) return false;
            Remove(name, node);
            return true;
        };
    }

    private void Remove(string name, LinkedListNode<PendingTask> node)
    {
        var waiters = node.List!;
        waiters.Remove(node);
        if (waiters.Count == 0) _waiting.Remove(name);
    }
}
