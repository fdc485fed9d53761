using Troupe.Engine.Storage;

namespace Troupe.Engine.InMemory;

/// <summary>The instances of the in-memory store, by key and by id. Not safe for concurrent use.</summary>
internal sealed class StoredInstances
{
    private readonly SortedDictionary<long, StoredInstance> _byKey = [];
    private readonly Dictionary<string, StoredInstance> _byId = new(StringComparer.Ordinal);
    private long _lastKey;

    /// <summary>In the order of their keys.</summary>
    public IEnumerable<StoredInstance> All => _byKey.Values;

    public StoredInstance? Find(long key) => _byKey.GetValueOrDefault(key);

    public StoredInstance? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whom a message is meant for.</summary>
    public StoredInstance? Find(OutgoingMessage message) => message.Only is not { } only
        ? Find(message.InstanceId)
        : Find(only.Key) is { } stored && stored.Record.Execution == only.Execution ? stored : null;

    /// <summary>The instance as long as it stands where the record says.</summary>
    public StoredInstance? FindUnchanged(InstanceRecord record) =>
        Find(record.Key) is { } stored && stored.Record.Execution == record.Execution && stored.Record.Steps == record.Steps ? stored : null;

    public IEnumerable<InstanceRecord> ChildrenOf(long key) => All.Select(static stored => stored.Record).Where(record => record.Parent?.Key == key);

    /// <summary>Adds an instance under a key that none had before.</summary>
    public StoredInstance Add(InstanceRecord record)
    {
        var stored = new StoredInstance(record with { Key = ++_lastKey });
        _byKey.Add(stored.Record.Key, stored);
        _byId.Add(record.Id, stored);
        return stored;
    }

    /// <summary>Takes an instance out with all that it started.</summary>
    public void RemoveTree(long key, List<InstanceRecord> removed)
    {
        foreach (var child in ChildrenOf(key).ToList()) RemoveTree(child.Key, removed);
        if (!_byKey.Remove(key, out var stored)) return;
        _byId.Remove(stored.Record.Id);
        removed.Add(stored.Record);
    }
}
