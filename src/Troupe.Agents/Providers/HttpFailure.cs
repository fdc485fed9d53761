using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers;

/// <summary>Sorts the errors that providers answer over HTTP.</summary>
internal static class HttpFailure
{
    private const int MaxMessage = 500;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    public static Failure Of(string provider, HttpStatusCode status, HttpResponseHeaders headers, string body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body);
        var kind = Kind(status, error);
        var code = (int)status;
        var said = error.Message ?? body.Trim();
        var message = said.Length == 0 ? "no explanation" : said.Length > MaxMessage ? said[..MaxMessage] + "…" : said;
        var retryable = kind is FailureKinds.ProviderUnavailable || (kind is FailureKinds.RateLimited && error.Code is not "insufficient_quota");
        return new Failure(kind, $"{provider} answered {code}: {message}{Advice(kind, error)}", retryable, retryable ? RetryAfter(headers, error, now) : null);
    }

    private static string Kind(HttpStatusCode status, ErrorBody error) => (int)status switch
    {
        429 => FailureKinds.RateLimited,
        408 or 409 or >= 500 => FailureKinds.ProviderUnavailable,
        401 or 403 => FailureKinds.Unauthorized,
        _ when error.IsContentFilter => FailureKinds.ContentFilter,
        _ => FailureKinds.BadRequest,
    };

    private static string Advice(string kind, ErrorBody error) => kind switch
    {
        FailureKinds.Unauthorized => " Check the key and what it may use.",
        FailureKinds.ContentFilter => " Change the prompt.",
        FailureKinds.RateLimited when error.Code is "insufficient_quota" => " The account's quota is spent.",
        _ => "",
    };

    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, ErrorBody error, DateTimeOffset now)
    {
        TimeSpan? wait = null;
        if (headers.TryGetValues("retry-after-ms", out var values) && double.TryParse(values.First(), CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and < 1e9)
            wait = TimeSpan.FromMilliseconds(ms);
        else if (headers.RetryAfter is { } header)
            wait = header.Delta ?? (header.Date - now);
        else if (error.RetryDelay is { } delay)
            wait = delay;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }
}

/// <summary>What the vendors' error bodies have in common: <c>{"error": {"message", "code" | "type", …}}</c>, some wrapped in a list.</summary>
internal sealed record ErrorBody(string? Message, string? Code, string? Type, TimeSpan? RetryDelay, bool IsContentFilter)
{
    public static ErrorBody Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : json.RootElement;
            var error = Property(root, "error") ?? root;
            var code = Text(error, "code") ?? Text(error, "status");
            return new(
                Text(error, "message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString() : null),
                code,
                Text(error, "type"),
                Delay(error),
                body.Contains("content_filter", StringComparison.Ordinal) || body.Contains("ResponsibleAIPolicyViolation", StringComparison.Ordinal) || code is "content_policy_violation");
        }
        catch (JsonException)
        {
            return new(null, null, null, null, IsContentFilter: false);
        }
    }

    // Google names the wait among the details: {"@type": "…RetryInfo", "retryDelay": "34s"}.
    private static TimeSpan? Delay(JsonElement error)
    {
        if (Property(error, "details") is not { ValueKind: JsonValueKind.Array } details)
            return null;
        foreach (var detail in details.EnumerateArray())
        {
            if (Text(detail, "retryDelay") is { } text && Core.Duration.TryParse(text, out var delay))
                return delay;
        }

        return null;
    }

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
