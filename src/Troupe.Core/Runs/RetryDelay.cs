using Troupe.Core.Definitions;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>How long to wait before the next attempt; a pure function, so that replays agree.</summary>
public static class RetryDelay
{
    /// <summary>The longest wait that back-off alone asks for.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    /// <summary>
    /// 1, 2, 4 … s (exponential), 1, 2, 3 … s (linear) or 1 s (fixed), ±20 % fixed by task and attempt, at most <see cref="Max"/>;
    /// never less than what the other side asked for by Retry-After.
    /// </summary>
    /// <param name="failedAttempt">From 1.</param>
    public static TimeSpan After(RetryBackoff backoff, int failedAttempt, string taskId, Failure failure)
    {
        var seconds = backoff switch
        {
            RetryBackoff.Exponential => Math.Pow(2, Math.Min(failedAttempt - 1, 16)),
            RetryBackoff.Linear => failedAttempt,
            _ => 1d,
        };
        var delay = TimeSpan.FromSeconds(Math.Min(seconds * (0.8 + (0.4 * Fraction(taskId, failedAttempt))), Max.TotalSeconds));
        return failure.RetryAfter is { } asked && asked > delay ? asked : delay;
    }

    /// <summary>FNV-1a of id and attempt as a number from 0 to 1.</summary>
    private static double Fraction(string taskId, int attempt)
    {
        var hash = 2166136261u;
        foreach (var c in taskId)
            hash = (hash ^ c) * 16777619u;
        hash = (hash ^ (uint)attempt) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        hash ^= hash >> 13;
        return hash / (double)uint.MaxValue;
    }
}
