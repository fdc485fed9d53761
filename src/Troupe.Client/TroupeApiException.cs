using System.Net;

namespace Troupe.Client;

/// <summary>The server refused a request or failed at it (RFC 9457 problem details).</summary>
public sealed class TroupeApiException : Exception
{
    public TroupeApiException(HttpStatusCode status, string title, string? detail = null, IReadOnlyList<ApiProblem>? errors = null, string? type = null)
        : base(Describe(status, title, detail, errors ?? []))
    {
        Status = status;
        Title = title;
        Detail = detail;
        Errors = errors ?? [];
        Type = type;
    }

    public HttpStatusCode Status { get; }

    public string Title { get; }

    public string? Detail { get; }

    /// <summary>Every single thing that was wrong, each with a JSON pointer to its place.</summary>
    public IReadOnlyList<ApiProblem> Errors { get; }

    /// <summary>A URI that names the kind of problem.</summary>
    public string? Type { get; }

    /// <summary>How long the server asks to wait before the next try; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    private static string Describe(HttpStatusCode status, string title, string? detail, IReadOnlyList<ApiProblem> errors)
    {
        var head = $"{(int)status} {title}{(string.IsNullOrEmpty(detail) ? "" : $": {detail}")}";
        return errors.Count == 0
            ? head
            : head + string.Concat(errors.Select(error => $"\n  {error.Pointer}{(string.IsNullOrEmpty(error.Pointer) ? "" : ": ")}{error.Detail}"));
    }
}

/// <summary>No server answers at the address.</summary>
public sealed class TroupeUnreachableException(Uri? address, Exception inner)
    : Exception($"No Troupe server answers at {address}: {inner.Message}", inner)
{
    public Uri? Address { get; } = address;
}
