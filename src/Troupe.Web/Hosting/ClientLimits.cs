using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Web.Access;
using Troupe.Web.Streaming;

namespace Troupe.Web.Hosting;

/// <summary>
/// How much one client may ask for; a client is a user at an address. Buckets are filled when they are asked, and forgotten when new
/// clients come: the framework's partitioned limiters do both on a timer, ten times a second, also while nothing happens.
/// </summary>
internal sealed class ClientLimits(IOptions<TroupeWebOptions> options)
{
    private readonly LimiterSet<TokenBucketRateLimiter> _launches = new(() => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.Value.LaunchBurst,
        TokensPerPeriod = options.Value.LaunchesPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = false,
        QueueLimit = 0,
    }));

    private readonly LimiterSet<ConcurrencyLimiter> _streams = new(() => new ConcurrencyLimiter(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxStreams,
        QueueLimit = 0,
    }));

    public RateLimitLease Launch(HttpContext context) => _launches.Acquire(ClientOf(context), static bucket => bucket.TryReplenish());

    /// <summary>Null where the request will be answered at once.</summary>
    public RateLimitLease? Stream(HttpContext context) => HoldsOpen(context) ? _streams.Acquire(ClientOf(context)) : null;

    private static bool HoldsOpen(HttpContext context) =>
        context.Request.Query.ContainsKey("wait") || context.GetEndpoint()?.Metadata.GetMetadata<StreamsEvents>() is not null;

    /// <summary>Those who read one run by its token are a client of their own. Who comes with the token of a callback is one by address alone.</summary>
    private static string ClientOf(HttpContext context)
    {
        var identity = context.Identity();
        return $"{identity?.Caller.User}/{identity?.OnlyRun}@{context.Connection.RemoteIpAddress}";
    }
}
