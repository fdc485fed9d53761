using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Troupe.Core.Access;
using Troupe.Web.Access;
using Troupe.Web.Safety;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

/// <summary>Every mapped route with every role: the roles stand in Snapshots/endpoints.txt, which is http-api's table.</summary>
public sealed class RouteMatrixTests : IAsyncLifetime
{
    private static readonly Roles[] Each = [Roles.Reader, Roles.Operator, Roles.Approver, Roles.Admin];

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(options => options.DurableAlias = "/runtime/webhooks/durabletask");

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Routes_EachRole_AreOpenedByWhatHoldsTheirRole()
    {
        foreach (var held in Each)
        {
            var (_, key) = await _app.KeyAsync(held);
            foreach (var (route, method, needed) in Routes())
            {
                var status = await StatusAsync(route, method, key);
                var opens = needed == Roles.None || Includes(held, needed);
                Assert.True(
                    opens ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) : status == HttpStatusCode.Forbidden,
                    $"{method} {route.RoutePattern.RawText} needs {needed} and answered {(int)status} to {held}");
            }
        }
    }

    [Fact]
    public async Task Routes_NoKey_Are401()
    {
        await _app.KeyAsync(Roles.Reader);
        foreach (var (route, method, needed) in Routes().Where(static route => route.Needed != Roles.None))
            Assert.True(await StatusAsync(route, method, null) == HttpStatusCode.Unauthorized, $"{method} {route.RoutePattern.RawText} ({needed})");
    }

    [Fact]
    public async Task Routes_OpenToAnyone_AreThese()
    {
        await _app.KeyAsync(Roles.Reader);
        Assert.Equal(
            ["DELETE /api/v1/session", "GET /api/v1/approvals/link", "GET /api/v1/healthz", "GET /api/v1/readyz", "GET /healthz", "GET /readyz", "POST /api/v1/approvals/link", "POST /api/v1/session"],
            Routes().Where(static route => route.Needed == Roles.None && route.Route.Metadata.GetMetadata<SignedBy>() is null).Select(static route => $"{route.Method} {route.Route.RoutePattern.RawText}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Routes_ForReadersAndOperators_SayWhatTheyShowOfRuns()
    {
        foreach (var (route, method, _) in Routes().Where(static route => route.Needed is Roles.Reader or Roles.Operator))
        {
            var shown = route.Metadata.GetMetadata<ShowsRuns>();
            Assert.True(shown is not null, $"{method} {route.RoutePattern.RawText}: say .Shows(RunScope.…), so that it hides the runs of others.");
            if (route.RoutePattern.RawText!.Contains("/workflows/{id}", StringComparison.Ordinal))
                Assert.Equal(RunScope.Run, shown.Scope);
            if (route.RoutePattern.RawText.Contains("/tasks/{id}", StringComparison.Ordinal))
                Assert.Equal(RunScope.Task, shown.Scope);
            if (route.RoutePattern.RawText.Contains("/instances/{id}", StringComparison.Ordinal))
                Assert.Equal(RunScope.Instance, shown.Scope);
        }
    }

    [Fact]
    public void Routes_ThatTakeStatusTokens_AreTheseReadersRoutes()
    {
        string[] expected =
        [
            "/api/v1/durable/instances/{id}", "/api/v1/tasks/{id}/result", "/api/v1/tasks/{id}/status", "/api/v1/workflows/{id}",
            "/api/v1/workflows/{id}/events", "/runtime/webhooks/durabletask/instances/{id}",
        ];
        var taking = Routes().Where(static route => route.Route.Metadata.GetMetadata<TakesStatusToken>() is not null).ToList();
        Assert.Equal(expected, taking.Select(static route => route.Route.RoutePattern.RawText!).Order(StringComparer.Ordinal));
        Assert.All(taking, static route => Assert.Equal(("GET", Roles.Reader), (route.Method, route.Needed)));
    }

    [Fact]
    public async Task Route_WithoutARole_AnswersNoKeyEither()
    {
        await using var app = await TestApp.StartAsync(map: static endpoints => endpoints.Map("/forgotten", static () => "secret"));
        var (_, key) = await app.KeyAsync(Roles.Admin);
        (await app.GetAsync("/forgotten", TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.Forbidden);
    }

    // The table of docs/security.md.
    private static bool Includes(Roles held, Roles needed) => held == needed || held == Roles.Admin || needed == Roles.Reader;

    private IEnumerable<(RouteEndpoint Route, string Method, Roles Needed)> Routes() =>
        from route in _app.Endpoints
        let needed = route.Metadata.GetMetadata<RequiredRole>() ?? throw new InvalidOperationException($"{route.RoutePattern.RawText} names no role.")
        from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select (route, method, needed.Role);

    private async Task<HttpStatusCode> StatusAsync(RouteEndpoint route, string method, string? key)
    {
        var path = string.Join('/', route.RoutePattern.PathSegments.Select(static segment =>
            segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "none"));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/" + path);
        if (method is "POST" or "PUT" or "PATCH")
            request.Content = new StringContent("{}", Encoding.UTF8, route.Metadata.GetMetadata<BodyRule>()?.MediaTypes[0] is { } type and not "*/*" ? type : "application/json");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var response = await _app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}
