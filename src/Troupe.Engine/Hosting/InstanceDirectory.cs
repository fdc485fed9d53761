using System.Collections.Concurrent;
using Troupe.Engine.Metrics;

namespace Troupe.Engine.Hosting;

/// <summary>
/// The instances that are in memory. When there are too many, the least recently used idle ones leave it: soon, but not while somebody posts,
/// who may hold a lock.
/// </summary>
internal sealed class InstanceDirectory(int maxLive, Func<string, InstanceLoop> create, EngineMetrics metrics, WorkScheduler scheduler)
{
    private readonly ConcurrentDictionary<string, InstanceLoop> _loops = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Beginning> _beginnings = new(StringComparer.Ordinal);
    private int _evicting;
    private long _uses;
    private long _evictedAt;

    public int Count => _loops.Count;

    /// <summary>Hands mail to an instance, bringing it into memory if need be.</summary>
    public void Post(string instanceId, Mail mail)
    {
        long use;
        while (true)
        {
            var loop = _loops.GetOrAdd(instanceId, static (id, directory) => directory.Create(id), this);
            use = loop.LastUse = Interlocked.Increment(ref _uses);
            if (loop.TryPost(mail)) break;

            // It has just retired; the next look-up makes a new one.
            Remove(loop);
        }

        // Not at every post, because those that are busy cannot leave and looking for the others costs.
        if (use > Volatile.Read(ref _evictedAt) + (maxLive / 10) && _loops.Count > maxLive) BeginEviction(use);
    }

    /// <summary>Watches whether anybody else brings an instance into memory while it is being stored; false where another start of that id is under way.</summary>
    public bool TryBegin(string instanceId, Beginning beginning) => _beginnings.TryAdd(instanceId, beginning);

    public void Begun(string instanceId, Beginning beginning) => _beginnings.TryRemove(KeyValuePair.Create(instanceId, beginning));

    /// <summary>Whether the instance is in memory and has not ended, or whether it has will be known before long.</summary>
    public bool IsLive(string instanceId) => _loops.TryGetValue(instanceId, out var loop) && !loop.IsGone;

    public void Remove(InstanceLoop loop) => _loops.TryRemove(KeyValuePair.Create(loop.InstanceId, loop));

    public IReadOnlyList<InstanceLoop> All() => [.. _loops.Values];

    private InstanceLoop Create(string instanceId)
    {
        if (_beginnings.TryGetValue(instanceId, out var beginning)) beginning.LoopMade();
        return create(instanceId);
    }

    private void BeginEviction(long use)
    {
        if (Interlocked.Exchange(ref _evicting, 1) == 1) return;
        Volatile.Write(ref _evictedAt, use);
        scheduler(new Eviction(this));
    }

    private void Evict()
    {
        // A tenth more than necessary, so that the cost of finding them is shared by many.
        var surplus = _loops.Count - maxLive + (maxLive / 10);
        foreach (var loop in _loops.Values.OrderBy(static loop => loop.LastUse).Take(surplus).ToList())
        {
            if (!loop.TryRetire()) continue;
            Remove(loop);
            metrics.Evicted();
        }

        Volatile.Write(ref _evicting, 0);
    }

    private sealed class Eviction(InstanceDirectory directory) : IThreadPoolWorkItem
    {
        public void Execute() => directory.Evict();
    }
}
