using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Functions.Access;

namespace Troupe.Functions.Tests.Access;

public sealed class PlatformCallersTests
{
    private static readonly (string, string)[] Alice = [("http://schemas.microsoft.com/identity/claims/objectidentifier", "alice-id"), ("preferred_username", "alice@example.org")];

    [Fact]
    public void Identify_PrincipalOfEntra_HasItsRolesAndGroups()
    {
        var found = Identify(new AccessOptions { EntraId = true }, Principal("aad", [.. Alice, ("roles", "Troupe.Operator"), ("roles", "Troupe.Approver"), ("groups", "g1")]));

        Assert.Equal(("alice-id", Roles.Reader | Roles.Operator | Roles.Approver), (found!.Caller.User, found.Roles));
        Assert.Equal(found.Roles, found.Caller.Roles);
        Assert.Equal(["g1"], found.Caller.Groups);
    }

    [Fact]
    public void Identify_ConfiguredClaimAndAppRoles_AreUsedInstead()
    {
        var options = new AccessOptions { EntraId = true, UserClaim = "preferred_username", AppRoles = { ["admin"] = "Owners" } };

        var found = Identify(options, Principal("aad", [.. Alice, ("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "Owners"), ("roles", "Troupe.Admin")]));

        Assert.Equal(("alice@example.org", Roles.All), (found!.Caller.User, found.Roles));
    }

    [Fact]
    public void Identify_PrincipalWithoutAppRoles_MayDoNothing() =>
        Assert.Equal(Roles.None, Identify(new AccessOptions { EntraId = true }, Principal("aad", Alice))!.Roles);

    public static TheoryData<string[]> NoPrincipals =>
    [
        [],
        ["not base64"],
        [Convert.ToBase64String("not json"u8)],
        [Convert.ToBase64String("null"u8)],
        [Convert.ToBase64String("{\"auth_typ\":\"aad\"}"u8)],
        [Convert.ToBase64String("{\"auth_typ\":\"aad\",\"claims\":[null]}"u8)],
        [Principal("github", [.. Alice, ("roles", "Troupe.Admin")])],
        [Principal("aad", [("roles", "Troupe.Admin")])],
        [Principal("aad", [.. Alice, ("roles", "Troupe.Admin")]), Principal("aad", Alice)],
    ];

    [Theory]
    [MemberData(nameof(NoPrincipals))]
    public void Identify_AnythingElse_IsNobody(string[] headers) =>
        Assert.Null(Identify(new AccessOptions { EntraId = true }, headers));

    [Fact]
    public void Identify_WhereEntraIsOff_NoHeaderCounts()
    {
        var admin = Principal("aad", [.. Alice, ("roles", "Troupe.Admin")]);

        Assert.Null(Identify(new AccessOptions(), admin));
        Assert.Null(Identify(new AccessOptions { Local = true }, admin));
    }

    private static Web.Access.Identity? Identify(AccessOptions options, params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[ClientPrincipal.Header] = headers;
        return new PlatformCallers(Options.Create(options)).Identify(context.Request);
    }

    private static string Principal(string provider, params (string Type, string Value)[] claims) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = provider,
        name_typ = "name",
        role_typ = "roles",
        claims = claims.Select(static claim => new { typ = claim.Type, val = claim.Value }),
    })));
}
