namespace Troupe.Core.Records;

/// <summary>An expected failure as data: it crosses activity and child boundaries unharmed, which exceptions do not.</summary>
/// <param name="Kind">One of <see cref="FailureKinds"/>.</param>
/// <param name="Message">What was found, where, and what to do.</param>
/// <param name="Retryable">Whether another attempt may succeed.</param>
/// <param name="RetryAfter">No attempt sooner than this; null where the other side did not say.</param>
/// <param name="Detail">More for the log, for example a stack.</param>
public sealed record Failure(string Kind, string Message, bool Retryable = false, TimeSpan? RetryAfter = null, string? Detail = null);

public static class FailureKinds
{
    public const string TimedOut = "timed_out";
    public const string Cancelled = "cancelled";
    public const string RateLimited = "rate_limited";
    public const string ProviderUnavailable = "provider_unavailable";
    public const string ProviderError = "provider_error";
    public const string BadRequest = "bad_request";
    public const string Unauthorized = "unauthorized";
    public const string ContentFilter = "content_filter";
    public const string MissingApiKey = "missing_api_key";
    public const string MissingDependencies = "missing_dependencies";
    public const string UnknownAgent = "unknown_agent";
    public const string InvalidTemplate = "invalid_template";
    public const string InvalidOutput = "invalid_output";
    public const string ProcessFailed = "process_failed";
    public const string Rejected = "rejected";
    public const string BudgetExceeded = "budget_exceeded";
    public const string TaskFailed = "task_failed";
    public const string AddressRefused = "address_refused";
    public const string DeliveryFailed = "delivery_failed";
    public const string Internal = "internal_error";
}
