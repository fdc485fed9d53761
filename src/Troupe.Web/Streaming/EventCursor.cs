using System.Globalization;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;
using Troupe.Web.Json;

namespace Troupe.Web.Streaming;

/// <summary>Where a reader of events goes on: after the event it saw last.</summary>
/// <param name="After">0 for the beginning; null where the request does not say.</param>
/// <param name="Limit">Of one JSON page; streams have none.</param>
internal sealed record EventCursor(long? After, int Limit)
{
    private const int MaxLimit = 500;

    private const string Header = "Last-Event-ID";

    /// <summary>From <c>Last-Event-ID</c>, which a reconnecting browser sends, else from <c>?after=</c>.</summary>
    public static EventCursor Of(HttpRequest request)
    {
        var query = new QueryFields(request);
        var after = query.Number("after", -1, 0, long.MaxValue);
        var limit = query.Number("limit", 100, 1, MaxLimit);
        query.Close();
        if (request.Headers[Header] is { Count: > 0 } header && !string.IsNullOrEmpty(header))
            after = Parse(header.ToString());
        return new EventCursor(after < 0 ? null : after, limit);
    }

    private static long Parse(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ApiException(new ApiProblem(
                StatusCodes.Status400BadRequest, $"The header {Header} must be a number that an event carried as its id; found '{ApiProblem.Shorten(id)}'."));
}
