using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.InMemory;

/// <summary>One instance of the in-memory store.</summary>
internal sealed class StoredInstance(InstanceRecord record)
{
    private const int RememberedDeliveries = 4_096;

    private readonly Queue<string> _deliveryOrder = new();

    public InstanceRecord Record { get; set; } = record;

    public List<Step> History { get; } = [];

    public IReadOnlyList<Message> Carried { get; set; } = [];

    public SortedDictionary<long, Message> Inbox { get; } = [];

    /// <summary>The events that wait to be received.</summary>
    public EventVolume Waiting => Record.KeptEvents + EventVolume.Of(Inbox.Values);

    public HashSet<string> Deliveries { get; } = new(StringComparer.Ordinal);

    public bool IsReady => !Record.IsFinished
        && (Inbox.Count > 0 || Record.OpenActivities > 0 || Record.BlockedReason is not null || (Carried.Count > 0 && Record.StartsAt is null));

    /// <summary>Of the current execution.</summary>
    public string? Input => (History.Count > 0 ? History[0].Messages : Carried).OfType<ExecutionStarted>().FirstOrDefault()?.Input;

    public bool Matches(OrchestrationQuery query) =>
        !(Record.CreatedAt < query.CreatedFrom?.UtcDateTime)
        && !(Record.CreatedAt > query.CreatedTo?.UtcDateTime)
        && query.Statuses?.Contains(Record.Status) != false
        && (query.InstanceIdPrefix is null || Record.Id.StartsWith(query.InstanceIdPrefix, StringComparison.Ordinal));

    public InstanceSnapshot Snapshot() =>
        new(Record, [.. History], Carried, [.. Inbox.Select(static entry => new InboxMessage(entry.Key, entry.Value))]);

    public InboxMessage Receive(long sequence, Message message)
    {
        Inbox.Add(sequence, message);
        return new InboxMessage(sequence, message);
    }

    public void Remember(string delivery)
    {
        Deliveries.Add(delivery);
        _deliveryOrder.Enqueue(delivery);
        if (_deliveryOrder.Count > RememberedDeliveries) Deliveries.Remove(_deliveryOrder.Dequeue());
    }

    public void KeepEvents()
    {
        foreach (var (sequence, _) in Inbox.Where(static entry => entry.Value is not EventRaised).ToList()) Inbox.Remove(sequence);
    }

    public void ClearInbox()
    {
        Inbox.Clear();
        Deliveries.Clear();
        _deliveryOrder.Clear();
    }
}
