using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;
using Troupe.Web.Streaming;

namespace Troupe.Web.Safety;

/// <summary>Refuses what another site's page makes a browser send: every change, and event streams.</summary>
internal sealed class OriginGuard(RequestDelegate next, IOptions<TroupeWebOptions> options)
{
    private readonly TroupeWebOptions _options = options.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsHarmless(request) && context.GetEndpoint()?.Metadata.GetMetadata<StreamsEvents>() is null)
            return next(context);
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            if (IsAllowed(origin, request))
                return next(context);
            throw Refused($"The origin '{ApiProblem.Shorten(origin)}' may not call this server; add it to {TroupeWebOptions.Section}:{nameof(TroupeWebOptions.AllowedOrigins)}.");
        }

        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            throw Refused("A page of another site may not call this server.");
        return next(context);
    }

    private static bool IsHarmless(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    private bool IsAllowed(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || string.Equals(origin, _options.PublicUrl?.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
        || _options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private static ApiException Refused(string detail) => new(new ApiProblem(StatusCodes.Status403Forbidden, detail) { Kind = "origin" });
}
