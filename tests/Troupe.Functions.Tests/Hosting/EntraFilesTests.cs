using System.Text.Json.Nodes;

namespace Troupe.Functions.Tests.Hosting;

/// <summary>What the documented steps give to the app registration, and what the template expects of it.</summary>
public sealed class EntraFilesTests
{
    [Fact]
    public void Callers_AreLetInByTheScopeThatIsExposed()
    {
        var scope = Json("infra/entra-scope.json")["api"]!["oauth2PermissionScopes"]!.AsArray().Single()!;
        var caller = Json("infra/entra-callers.json")["api"]!["preAuthorizedApplications"]!.AsArray().Single()!;

        Assert.True(Guid.TryParse((string?)scope["id"], out _));
        Assert.Equal((string?)scope["id"], (string?)caller["delegatedPermissionIds"]!.AsArray().Single());
    }

    [Fact]
    public void Tokens_AreOfTheVersionWhoseIssuerTheTemplateNames()
    {
        Assert.Equal(2, (int)Json("infra/entra-scope.json")["api"]!["requestedAccessTokenVersion"]!);
        Assert.Contains("${tenant().tenantId}/v2.0'", File.ReadAllText(Repository.File("infra/main.bicep")), StringComparison.Ordinal);
    }

    [Fact]
    public void AppRoles_HaveIdsOfTheirOwnAndTheGuideMakesAnAdmin()
    {
        var roles = Json("infra/app-roles.json").AsArray().ToDictionary(static role => (string)role!["value"]!, static role => (string)role!["id"]!, StringComparer.Ordinal);

        Assert.Equal(["Troupe.Admin", "Troupe.Approver", "Troupe.Operator", "Troupe.Reader"], roles.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(roles.Count, roles.Values.Where(static id => Guid.TryParse(id, out _)).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains($"\\\"appRoleId\\\": \\\"{roles["Troupe.Admin"]}\\\"", File.ReadAllText(Repository.File("docs/azure.md")), StringComparison.Ordinal);
    }

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(Repository.File(file)))!;
}
