using Troupe.Durable;

namespace Troupe.Core.Concurrency;

/// <summary>
/// Who holds permits and who waits for them. Each that waits gets a fixed place: the time at which it came, put back by one ageing period
/// for normal and two for low priority. So high ones come first, and every one overtakes fresh ones of the next priority once it has waited
/// a period. Not safe for threads: an orchestrator has one.
/// </summary>
internal sealed class PermitBook
{
    public static readonly TimeSpan Ageing = TimeSpan.FromSeconds(30);

    /// <summary>How long a holder is taken for alive.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (Permit Permit, long Order)> _permits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Queue<Permit> _granted = [];
    private int _limit;
    private long _order;

    public PermitBook(PermitBookState state)
    {
        _limit = state.Limit;
        foreach (var permit in state.Permits)
            Put(permit);
    }

    public PermitBookState State => new(_limit, [
        .. _permits.Values.Select(static entry => entry.Permit).Where(static permit => permit.CheckAt is not null),
        .. _lines.Values.SelectMany(static line => line.Waiting.Values)]);

    public PermitCount Count => new(_limit, Held, _permits.Count - Held);

    private int Held => _lines.Values.Sum(static line => line.Held);

    /// <summary>When to look for holders that are gone: nobody else would give their permits back. Null where nobody waits for one.</summary>
    public DateTime? NextCheck => _lines.Values.Any(static line => line.Waiting.Count > 0)
        ? _permits.Values.Min(static entry => entry.Permit.CheckAt)
        : null;

    /// <summary>Takes a request in. A permit that is held already is granted once more: its holder may not have heard of it.</summary>
    public void Ask(PermitAsk ask, DateTime now)
    {
        if (_permits.TryGetValue(ask.Holder, out var known) && known.Permit.Number == ask.Number)
        {
            if (known.Permit.CheckAt is not null)
                _granted.Enqueue(known.Permit);
            return;
        }

        if (known.Permit is { } before)
            Return(new ReturnedPermit(before.Holder, before.Number));
        Put(new Permit(ask.Holder, ask.Number, ask.Key, now + ((ActivityPriority.High - ask.Priority) * Ageing)));
    }

    /// <summary>Takes a permit back, also one that was never granted.</summary>
    public void Return(ReturnedPermit returned)
    {
        if (!_permits.TryGetValue(returned.Holder, out var gone) || gone.Permit.Number != returned.Number)
            return;
        _permits.Remove(returned.Holder);
        var line = _lines[gone.Permit.Key];
        if (gone.Permit.CheckAt is null)
            line.Waiting.Remove((gone.Permit.Place, gone.Order));
        else
            line.Held--;
        if (line is { Held: 0, Waiting.Count: 0 })
            _lines.Remove(gone.Permit.Key);
    }

    public void SetLimit(int limit) => _limit = limit;

    /// <summary>Those whose holders are to be looked for, the longest unseen first.</summary>
    public IReadOnlyList<Permit> Due(DateTime now, int most) => [.. _permits.Values
        .Select(static entry => entry.Permit)
        .Where(permit => permit.CheckAt <= now)
        .OrderBy(static permit => permit.CheckAt)
        .Take(most)];

    /// <summary>Their holders are alive.</summary>
    public void Renew(Permit permit, DateTime now)
    {
        if (_permits.TryGetValue(permit.Holder, out var held) && held.Permit == permit)
            _permits[permit.Holder] = held with { Permit = permit with { CheckAt = now + Lease } };
    }

    /// <summary>Grants what can be granted.</summary>
    /// <returns>The permits whose holders are to be told.</returns>
    public IReadOnlyList<Permit> Grant(DateTime now)
    {
        foreach (var line in _lines.Values)
        {
            for (; line.Held < _limit && line.Waiting.Count > 0; line.Held++)
            {
                var ((_, order), next) = line.Waiting.First();
                line.Waiting.Remove((next.Place, order));
                next = next with { CheckAt = now + Lease };
                _permits[next.Holder] = (next, order);
                _granted.Enqueue(next);
            }
        }

        Permit[] granted = [.. _granted];
        _granted.Clear();
        return granted;
    }

    private void Put(Permit permit)
    {
        var order = _order++;
        if (!_lines.TryGetValue(permit.Key, out var line))
            _lines.Add(permit.Key, line = new Line());
        _permits.Add(permit.Holder, (permit, order));
        if (permit.CheckAt is null)
            line.Waiting.Add((permit.Place, order), permit);
        else
            line.Held++;
    }

    /// <summary>One key's permits.</summary>
    private sealed class Line
    {
        public int Held { get; set; }

        public SortedDictionary<(DateTime Place, long Order), Permit> Waiting { get; } = [];
    }
}
