using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>When a failed call is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>How long to wait after the given failed attempt (1 is the first), or null if no further one is due.</summary>
    public static TimeSpan? DelayAfter(RetryPolicy policy, int attempt, DateTime firstAttemptAt, DateTime now)
    {
        if (attempt >= policy.MaxNumberOfAttempts) return null;
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var longest = policy.MaxRetryInterval ?? TimeSpan.FromDays(365);
        var delay = ticks >= longest.Ticks ? longest : TimeSpan.FromTicks((long)ticks);
        return policy.RetryTimeout is { } timeout && now + delay > firstAttemptAt + timeout ? null : delay;
    }
}
