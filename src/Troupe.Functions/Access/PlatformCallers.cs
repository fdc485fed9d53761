using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Web.Access;

namespace Troupe.Functions.Access;

/// <summary>Callers as App Service authentication knows them, where it is switched on.</summary>
internal sealed class PlatformCallers(IOptions<AccessOptions> options) : IPlatformCaller
{
    private static readonly Roles[] Each = [Roles.Reader, Roles.Operator, Roles.Approver, Roles.Admin];

    private readonly AccessOptions _options = options.Value;

    public Identity? Identify(HttpRequest request)
    {
        if (!_options.EntraId)
            return null;

        // More than one header of that name is none of the platform's making.
        if (request.Headers[ClientPrincipal.Header] is not [{ } header] || ClientPrincipal.Parse(header) is not { } principal)
            return null;
        if (principal.First(_options.UserClaim) is not { } user)
            return null;
        var held = principal.AppRoles.ToHashSet(StringComparer.Ordinal);
        var roles = Each.Where(role => held.Contains(AppRoleOf(role))).Aggregate(Roles.None, static (all, role) => all | role).WithImplied();
        return new Identity(new Caller(user) { Roles = roles, Groups = [.. principal.Groups] }, roles);
    }

    private string AppRoleOf(Roles role) => _options.AppRoles.TryGetValue(role.ToString(), out var name) ? name : $"Troupe.{role}";
}
