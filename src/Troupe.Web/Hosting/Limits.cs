using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Troupe.Web.Errors;

namespace Troupe.Web.Hosting;

/// <summary>Holds each client to what it may ask for, on the routes that say which limit is theirs.</summary>
internal sealed class Limits(RequestDelegate next, ClientLimits clients)
{
    public const string Launches = "troupe-launches";

    public const string Streams = "troupe-streams";

    public async Task InvokeAsync(HttpContext context)
    {
        using var lease = context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName switch
        {
            Launches => clients.Launch(context),
            Streams => clients.Stream(context),
            _ => null,
        };
        if (lease is { IsAcquired: false })
            await Refuse(lease).ExecuteAsync(context);
        else
            await next(context);
    }

    private static ApiProblem Refuse(RateLimitLease lease) => new(StatusCodes.Status429TooManyRequests, "Too much at once from this client; try again later.")
    {
        Kind = "rate-limited",
        RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
    };
}
