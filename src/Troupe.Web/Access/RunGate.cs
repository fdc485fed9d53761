using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>The one place that hides runs from those who may not see them: they are answered as if there were none.</summary>
internal sealed class RunGate(RequestDelegate next, RunVisibility visibility, IRunStore runs, IDeliveryStore deliveries)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint && visibility.Of(context) is var sight && sight != Sight.All)
            await AdmitAsync(context, endpoint, sight);
        await next(context);
    }

    private async Task AdmitAsync(HttpContext context, RouteEndpoint endpoint, Sight sight)
    {
        var cancellation = context.RequestAborted;
        var id = context.GetRouteValue("id") as string ?? "";
        var scope = endpoint.Metadata.GetMetadata<ShowsRuns>()?.Scope ?? throw new ApiException(
            new ApiProblem(StatusCodes.Status403Forbidden, "This route does not say whose runs it shows, so that nobody with a bounded view may call it.") { Kind = "role" });
        var (what, run) = scope switch
        {
            RunScope.Run => ("run", id),
            RunScope.Task => ("task", (await runs.GetTaskAsync(id, cancellation))?.RunId),
            RunScope.Instance => ("orchestration instance", RunVisibility.RunOfInstance(id)),
            RunScope.Delivery => ("webhook delivery", (await deliveries.GetAsync(id, cancellation))?.RunId),
            _ => ("", null),
        };
        if (what.Length > 0 && (run is null || !await visibility.SeesAsync(sight, run, cancellation)))
            throw new ApiException(ApiProblem.NotFound(what, id));
    }
}
