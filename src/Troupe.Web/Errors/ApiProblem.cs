using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Troupe.Core;
using Troupe.Core.Definitions;
using Troupe.Web.Json;

namespace Troupe.Web.Errors;

/// <summary>An error as RFC 9457 writes it; every error of every route is one.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What was found and what to do.</param>
internal sealed record ApiProblem(int Status, string Detail) : IResult
{
    private const string MediaType = "application/problem+json";

    /// <summary>The kind of problem, for programs; null where the status says it all.</summary>
    public string? Kind { get; init; }

    public IReadOnlyList<Problem> Errors { get; init; } = [];

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further members of the body.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; init; } = new Dictionary<string, object?>();

    public static ApiProblem NotFound(string what, string id) =>
        new(StatusCodes.Status404NotFound, $"There is no {what} '{Shorten(id)}'.") { Kind = "not-found" };

    public static ApiProblem Invalid(string what, IReadOnlyList<Problem> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, $"{what} cannot be accepted: {Count(errors.Count)}.") { Kind = "invalid", Errors = errors };

    public static ApiProblem TooLarge(long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, $"The body is longer than {limit} bytes, the limit of this route.") { Kind = "too-large" };

    /// <param name="reason">What failed and what to do, in words for an operator.</param>
    public static ApiProblem Storage(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, $"{reason} What was answered before stands, and reads go on; ask again once that is put right.")
        {
            Kind = "storage",
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        // What is left of the body may be too much to read; nobody is to send another request after it.
        if (Status == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(httpContext.Request.Protocol))
            response.Headers.Connection = "close";
        return response.WriteAsync(JsonSerializer.Serialize(Body(), WebJson.Options), httpContext.RequestAborted);
    }

    /// <summary>Cuts what a caller sent to a length fit for a message.</summary>
    public static string Shorten(string text) => text.Shorten(100);

    private Dictionary<string, object?> Body()
    {
        var body = new Dictionary<string, object?>
        {
            ["type"] = Kind is null ? "about:blank" : $"urn:troupe:problem:{Kind}",
            ["title"] = ReasonPhrases.GetReasonPhrase(Status),
            ["status"] = Status,
            ["detail"] = Detail,
        };
        if (Errors.Count > 0)
            body["errors"] = Errors.Select(ProblemBody.Of);
        foreach (var (name, value) in Members)
            body[name] = value;
        return body;
    }

    private static string Count(int problems) => problems == 1 ? "there is 1 problem" : $"there are {problems} problems";
}
