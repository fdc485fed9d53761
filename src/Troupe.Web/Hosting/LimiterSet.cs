using System.Threading.RateLimiting;

namespace Troupe.Web.Hosting;

/// <summary>A limiter for each client. Those that have long been idle make room when there are many.</summary>
internal sealed class LimiterSet<T>(Func<T> create)
    where T : RateLimiter
{
    private const int Many = 1_000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, T> _limiters = new(StringComparer.Ordinal);
    private int _sweepAt = Many;

    public RateLimitLease Acquire(string client, Action<T>? before = null)
    {
        // Under the lock, so that none is dropped between its look-up and its use.
        lock (_gate)
        {
            if (!_limiters.TryGetValue(client, out var limiter))
            {
                if (_limiters.Count >= _sweepAt) Sweep(before);
                _limiters.Add(client, limiter = create());
            }

            before?.Invoke(limiter);
            return limiter.AttemptAcquire();
        }
    }

    /// <summary>Looks at all again only once they have doubled, so that the cost is shared by those who came.</summary>
    private void Sweep(Action<T>? before)
    {
        foreach (var (client, limiter) in _limiters.ToList())
        {
            before?.Invoke(limiter);
            if (!(limiter.IdleDuration > Idle)) continue;
            _limiters.Remove(client);
            limiter.Dispose();
        }

        _sweepAt = Math.Max(Many, _limiters.Count * 2);
    }
}
