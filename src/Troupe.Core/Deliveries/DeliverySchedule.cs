using Troupe.Core.Definitions;
using Troupe.Core.Records;
using Troupe.Core.Runs;

namespace Troupe.Core.Deliveries;

/// <summary>How long to wait before the next attempt of a delivery; a pure function.</summary>
internal static class DeliverySchedule
{
    /// <summary>The longest wait that back-off alone asks for.</summary>
    public static readonly TimeSpan MaxBackoff = TimeSpan.FromHours(6);

    /// <summary>The longest Retry-After that is honoured.</summary>
    public static readonly TimeSpan MaxAsked = TimeSpan.FromDays(1);

    /// <summary>The first delay, doubled with each failed attempt, ±20 %; never less than what the receiver asked for.</summary>
    /// <param name="failedAttempt">From 1.</param>
    public static TimeSpan After(TimeSpan firstDelay, int failedAttempt, string deliveryId, Failure failure)
    {
        var backoff = RetryDelay.After(RetryBackoff.Exponential, failedAttempt, deliveryId, failure with { RetryAfter = null }) * firstDelay.TotalSeconds;
        return Longer(Shorter(backoff, MaxBackoff), Shorter(failure.RetryAfter ?? TimeSpan.Zero, MaxAsked));
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
