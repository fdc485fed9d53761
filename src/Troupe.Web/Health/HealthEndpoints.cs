using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Troupe.Core.Records;
using Troupe.Durable;
using Troupe.Web.Access;
using Troupe.Web.Errors;
using Troupe.Web.Hosting;

namespace Troupe.Web.Health;

/// <summary>Whether the process lives, and whether it has recovered and its stores answer.</summary>
internal static partial class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", static () => Answer.Json(new HealthBody("ok"))).RequireRole(Roles.None);
        endpoints.MapGet("/readyz", ReadyAsync).RequireRole(Roles.None);
    }

    private static async Task<IResult> ReadyAsync(
        HttpContext context,
        IReadiness start,
        IEventLog log,
        IOrchestrationClient engine,
        [FromServices] IEnumerable<IStoreHealth> stores,
        TimeProvider time,
        ILogger<HealthBody> logger)
    {
        if (start.Pending is { } pending)
            return NotReady(pending, Soon);
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await log.GetLastPositionAsync(stop.Token);
            await engine.GetInstancesAsync(new OrchestrationQuery { PageSize = 1 }, stop.Token);
            return await FirstFailureAsync(stores, stop.Token) is { } failure ? ApiProblem.Storage(failure) : Answer.Json(new HealthBody("ready"));
        }
        catch (StoreUnavailableException unavailable)
        {
            return ApiProblem.Storage(unavailable.Reason);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogNotReady(logger, exception);
            return NotReady("A store does not answer; the server's log says why.", Patience);
        }
    }

    private static async Task<string?> FirstFailureAsync(IEnumerable<IStoreHealth> stores, CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            if (await store.CheckWritesAsync(cancellationToken).WaitAsync(cancellationToken) is { } failure)
                return failure;
        }

        return null;
    }

    private static ApiProblem NotReady(string why, TimeSpan retryAfter) => new(StatusCodes.Status503ServiceUnavailable, why)
    {
        Kind = "not-ready",
        RetryAfter = retryAfter,
    };

    [LoggerMessage(LogLevel.Warning, "Not ready: a store does not answer")]
    private static partial void LogNotReady(ILogger logger, Exception exception);

    internal sealed record HealthBody(string Status);
}
