using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Streaming;

namespace Troupe.Web.Hosting;

/// <summary>How much one client may ask for. A client is a user at an address.</summary>
internal static class Limits
{
    public const string Launches = "troupe-launches";

    public const string Streams = "troupe-streams";

    public static IServiceCollection AddTroupeLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Launches, context => RateLimitPartition.GetTokenBucketLimiter(ClientOf(context), _ => LaunchLimit(context)));
            limiter.AddPolicy(Streams, context => HoldsOpen(context)
                ? RateLimitPartition.GetConcurrencyLimiter(ClientOf(context), _ => StreamLimit(context))
                : RateLimitPartition.GetNoLimiter(""));
            limiter.OnRejected = static async (rejected, _) => await Refuse(rejected).ExecuteAsync(rejected.HttpContext);
        });
        return services;
    }

    private static TokenBucketRateLimiterOptions LaunchLimit(HttpContext context) => new()
    {
        TokenLimit = OptionsOf(context).LaunchBurst,
        TokensPerPeriod = OptionsOf(context).LaunchesPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    private static ConcurrencyLimiterOptions StreamLimit(HttpContext context) => new()
    {
        PermitLimit = OptionsOf(context).MaxStreams,
        QueueLimit = 0,
    };

    private static bool HoldsOpen(HttpContext context) =>
        context.Request.Query.ContainsKey("wait") || context.GetEndpoint()?.Metadata.GetMetadata<StreamsEvents>() is not null;

    private static ApiProblem Refuse(OnRejectedContext rejected) => new(StatusCodes.Status429TooManyRequests, "Too much at once from this client; try again later.")
    {
        Kind = "rate-limited",
        RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1),
    };

    private static string ClientOf(HttpContext context) => $"{context.Caller().User}@{context.Connection.RemoteIpAddress}";

    private static TroupeWebOptions OptionsOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<TroupeWebOptions>>().Value;
}
