using Microsoft.AspNetCore.Builder;

namespace Troupe.Web.Access;

/// <summary>The role that an endpoint asks for; <see cref="Roles.None"/> lets anyone in.</summary>
public sealed record RequiredRole(Roles Role);

public static class RequiredRoleExtensions
{
    /// <summary>States who may call the endpoint. An endpoint without this answers nobody.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, Roles role)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiredRole(role));
}
