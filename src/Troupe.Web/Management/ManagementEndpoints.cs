using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Web.Access;
using Troupe.Web.Hosting;
using Troupe.Web.Safety;

namespace Troupe.Web.Management;

/// <summary>The durable management API: Durable Functions' paths, queries, bodies and status codes below a base path.</summary>
internal static class ManagementEndpoints
{
    // Durable Functions answers a body of another type with 400.
    private static readonly BodyRule JsonOr400 = BodyRule.Json with { Refusal = StatusCodes.Status400BadRequest };

    public static void MapManagement(this IEndpointRouteBuilder endpoints, string basePath)
    {
        var durable = endpoints.MapGroup(basePath).WithMetadata(new DurableBase(basePath));
        durable.MapPost("/orchestrators/{name}/{id?}", StartInstance.HandleAsync)
            .RequireRole(Roles.Admin).TakesBody(JsonOr400).RequireRateLimiting(Limits.Launches);
        durable.MapGet("/instances/{id}", ReadInstances.GetAsync).RequireRole(Roles.Reader).Shows(RunScope.Instance).TakesStatusTokens();
        durable.MapGet("/instances", ReadInstances.ListAsync).RequireRole(Roles.Reader).Shows(RunScope.Many);
        durable.MapDelete("/instances/{id}", PurgeInstances.OneAsync).RequireRole(Roles.Admin);
        durable.MapDelete("/instances", PurgeInstances.ManyAsync).RequireRole(Roles.Admin);
        durable.MapPost("/instances/{id}/raiseEvent/{name}", SteerInstance.RaiseEventAsync)
            .RequireRole(Roles.Operator).Shows(RunScope.Instance).TakesBody(JsonOr400).RequireRateLimiting(Limits.Launches);
        durable.MapPost("/instances/{id}/terminate", SteerInstance.TerminateAsync).RequireRole(Roles.Admin);
        durable.MapPost("/instances/{id}/suspend", SteerInstance.SuspendAsync).RequireRole(Roles.Admin);
        durable.MapPost("/instances/{id}/resume", SteerInstance.ResumeAsync).RequireRole(Roles.Admin);
        durable.MapPost("/instances/{id}/rewind", SteerInstance.RewindAsync).RequireRole(Roles.Admin);
        durable.MapPost("/instances/{id}/restart", SteerInstance.RestartAsync).RequireRole(Roles.Admin);
    }
}

/// <summary>The base path that an endpoint was mapped below, so that its answers stay there.</summary>
internal sealed record DurableBase(string Path)
{
    public static string Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<DurableBase>()?.Path ?? Urls.Durable;
}
