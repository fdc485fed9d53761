namespace Troupe.Durable;

/// <summary>Repeats failed calls with durable timers between them.</summary>
public sealed record RetryPolicy
{
    /// <summary>Sets the policy; what is out of range throws.</summary>
    /// <param name="maxNumberOfAttempts">All attempts, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">The wait before the second attempt; more than zero.</param>
    /// <param name="backoffCoefficient">Each wait is the last one times this; at least 1. Default 1.</param>
    /// <param name="maxRetryInterval">The longest single wait; no bound where it is null.</param>
    /// <param name="retryTimeout">No attempt starts later than this after the first; no bound where it is null.</param>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval;
        RetryTimeout = retryTimeout;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan? MaxRetryInterval { get; }

    public TimeSpan? RetryTimeout { get; }
}
