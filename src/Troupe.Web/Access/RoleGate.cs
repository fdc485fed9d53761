using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Launching;
using Troupe.Core.Stores;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>The one place that lets callers in. It fails closed: an endpoint that names no role answers nobody. A callback's token is left to the handler that takes it.</summary>
internal sealed class RoleGate(RequestDelegate next, ICallerAccessor callers)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // The router's own answers (405, 415) are endpoints too, but not routed ones.
        if (context.GetEndpoint() is RouteEndpoint endpoint)
            await AdmitAsync(context, endpoint);
        await next(context);
    }

    private async Task AdmitAsync(HttpContext context, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<RequiredRole>() is not { Role: var role })
            throw Refused("This route names no role that may call it, so that nobody may.");
        if (role == Roles.None || CallbackToken.Of(context) is not null)
            return;
        if (await callers.IdentifyAsync(context) is not { } identity)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"troupe\"";
            throw new ApiException(new ApiProblem(StatusCodes.Status401Unauthorized, "This route needs a key: send it as 'Authorization: Bearer …' or 'X-Api-Key: …'.") { Kind = "key" });
        }

        context.Items[typeof(Identity)] = identity;
        if (!identity.Roles.HasFlag(role))
            throw Refused($"This route needs the role {EnumWords<Roles>.Write(role)}.");
    }

    private static ApiException Refused(string detail) => new(new ApiProblem(StatusCodes.Status403Forbidden, detail) { Kind = "role" });
}

internal static class CallerExtensions
{
    /// <summary>Who sent the request; the gate has seen to it that there is someone.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Identity()?.Caller ?? throw new InvalidOperationException("The request passed no role gate.");

    /// <summary>Null on a route that anyone may call.</summary>
    public static Identity? Identity(this HttpContext context) => context.Items[typeof(Identity)] as Identity;
}
