namespace Troupe.Web.Access;

/// <summary>Lets each account do something so many times in a row, and once more for each interval that passes.</summary>
/// <param name="burst">Times in a row.</param>
/// <param name="interval">One more is allowed each time.</param>
/// <param name="most">Accounts remembered at most; the rest share one.</param>
internal sealed class Allowance<TAccount>(TimeProvider time, int burst, TimeSpan interval, int most, TAccount shared)
    where TAccount : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TAccount, DateTimeOffset> _paidUntil = [];

    /// <summary>How long to wait before the account may next; null where it may now, which counts.</summary>
    public TimeSpan? Take(TAccount account)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            account = Known(account, now);
            var paid = _paidUntil.GetValueOrDefault(account);
            var next = (paid > now ? paid : now) + interval;
            if (next - now > burst * interval)
                return next - now - (burst * interval);
            _paidUntil[account] = next;
            return null;
        }
    }

    private TAccount Known(TAccount account, DateTimeOffset now)
    {
        if (_paidUntil.Count < most || _paidUntil.ContainsKey(account))
            return account;
        foreach (var (settled, _) in _paidUntil.Where(entry => entry.Value <= now).ToList())
            _paidUntil.Remove(settled);
        return _paidUntil.Count < most ? account : shared;
    }
}
