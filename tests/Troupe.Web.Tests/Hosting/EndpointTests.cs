using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Access;
using Troupe.Web.Access;

namespace Troupe.Web.Tests.Hosting;

public sealed class EndpointTests
{
    [Fact]
    public async Task Endpoints_All_HaveTheRolesOfTheSnapshot()
    {
        await using var app = await TestApp.StartAsync(options => options.DurableAlias = "/runtime/webhooks/durabletask");
        var lines = app.Endpoints.SelectMany(Describe).Order(StringComparer.Ordinal);
        var expected = await File.ReadAllTextAsync(SnapshotFile());
        Assert.Equal(expected, string.Concat(lines.Select(line => line + "\n")));
    }

    private static IEnumerable<string> Describe(RouteEndpoint endpoint)
    {
        var role = endpoint.Metadata.GetMetadata<RequiredRole>();
        Assert.True(role is not null, $"{endpoint.RoutePattern.RawText} names no role.");
        var word = endpoint.Metadata.GetMetadata<SignedBy>() is { Name: var signer } ? $"signature of {signer}" : role.Role == Roles.None ? "anyone" : role.Role.ToString().ToLowerInvariant();
        return endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            .Select(method => $"{endpoint.RoutePattern.RawText} {method} {word}");
    }

    private static string SnapshotFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Snapshots", "endpoints.txt");
}
