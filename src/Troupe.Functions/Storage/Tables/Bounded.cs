using System.Diagnostics.CodeAnalysis;

namespace Troupe.Functions.Storage.Tables;

/// <summary>What was used lately, up to a weight altogether; what was not used for longest is forgotten first.</summary>
/// <param name="weigh">What an entry weighs; one each where it is left out.</param>
internal sealed class Bounded<TKey, TValue>(long capacity, Func<TValue, long>? weigh = null)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = [];
    private long _weight;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            value = default;
            if (!_entries.TryGetValue(key, out var node)) return false;
            _order.Remove(node);
            _order.AddLast(node);
            value = node.Value.Value;
            return true;
        }
    }

    public void Put(TKey key, TValue value)
    {
        var entry = new Entry(key, value, weigh?.Invoke(value) ?? 1);
        lock (_gate)
        {
            Forget(key);
            if (entry.Weight > capacity) return;
            _entries.Add(key, _order.AddLast(entry));
            _weight += entry.Weight;
            while (_weight > capacity) Forget(_order.First!.Value.Key);
        }
    }

    public void Remove(TKey key)
    {
        lock (_gate) Forget(key);
    }

    private void Forget(TKey key)
    {
        if (!_entries.Remove(key, out var node)) return;
        _order.Remove(node);
        _weight -= node.Value.Weight;
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Weight);
}
