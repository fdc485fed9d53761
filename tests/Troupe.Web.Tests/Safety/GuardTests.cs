using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Web.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Safety;

public sealed class GuardTests : IAsyncLifetime
{
    private const string Body = """{"prompt":"x"}""";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(options =>
    {
        options.AllowedHosts.Add("troupe.example.org");
        options.AllowedOrigins.Add("https://console.example.org");
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:7070")]
    [InlineData("127.0.0.1:7070")]
    [InlineData("127.8.9.1")]
    [InlineData("[::1]:7070")]
    [InlineData("troupe.example.org")]
    [InlineData("TROUPE.example.org:443")]
    public async Task Host_Known_IsAnswered(string host) =>
        (await _app.GetAsync("/api/v1/workflows", ("Host", host))).Expect(HttpStatusCode.OK);

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("troupe.example.org.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("[::ffff:10.0.0.1]")]
    public async Task Host_Unknown_Is421EvenForHealth(string host)
    {
        (await _app.GetAsync("/api/v1/workflows", ("Host", host))).ExpectProblem(HttpStatusCode.MisdirectedRequest);
        (await _app.GetAsync("/healthz", ("Host", host))).ExpectProblem(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task Host_Star_AnswersAll()
    {
        await using var app = await TestApp.StartAsync(options => options.AllowedHosts.Add("*"));
        (await app.GetAsync("/healthz", ("Host", "any.example"))).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("https://console.example.org")]
    public async Task Origin_OwnOrAllowed_MayLaunch(string origin) =>
        (await _app.PostAsync("/api/v1/tasks", Body, ("Origin", origin))).Expect(HttpStatusCode.Accepted);

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("https://console.example.org.evil.example")]
    [InlineData("null")]
    public async Task Origin_Foreign_MayChangeNothing(string origin)
    {
        (await _app.PostAsync("/api/v1/tasks", Body, ("Origin", origin))).ExpectProblem(HttpStatusCode.Forbidden);
        (await _app.SendAsync(HttpMethod.Delete, "/api/v1/agents/x", null, ("Origin", origin))).ExpectProblem(HttpStatusCode.Forbidden);
        (await _app.GetAsync("/api/v1/events", ("Origin", origin))).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Empty(_app.Engine.Calls);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.Accepted)]
    [InlineData("none", HttpStatusCode.Accepted)]
    public async Task FetchSite_WithoutOrigin_Decides(string site, HttpStatusCode expected) =>
        (await _app.PostAsync("/api/v1/tasks", Body, ("Sec-Fetch-Site", site))).Expect(expected);

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=b")]
    public async Task SimpleRequest_ToARouteWithoutABody_Is415(string type)
    {
        foreach (var path in new[] { "/api/v1/workflows/r/cancel", "/api/v1/durable/instances/r/terminate", "/api/v1/approvals/r" })
        {
            var content = new ByteArrayContent([]);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await _app.SendAsync(HttpMethod.Post, path, content)).ExpectProblem(HttpStatusCode.UnsupportedMediaType);
        }
    }

    [Theory]
    [InlineData("/api/v1/workflows")]
    [InlineData("/api/v1/workflows/none")]
    [InlineData("/healthz")]
    public async Task Every_Answer_HasSecurityHeaders(string path)
    {
        var reply = await _app.GetAsync(path);
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", reply.Header("X-Frame-Options"));
        Assert.Contains("default-src 'none'", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("no-referrer", reply.Header("Referrer-Policy"));
    }

    [Fact]
    public async Task Endpoint_WithoutARole_AnswersNobody()
    {
        await using var app = await TestApp.StartAsync(map: endpoints => endpoints.MapGet("/forgotten", () => "secret"));
        (await app.GetAsync("/forgotten")).ExpectProblem(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(Roles.Reader, "/api/v1/workflows", HttpStatusCode.OK)]
    [InlineData(Roles.Operator, "/api/v1/workflows", HttpStatusCode.Forbidden)]
    [InlineData(Roles.None, "/api/v1/workflows", HttpStatusCode.Forbidden)]
    [InlineData(Roles.None, "/healthz", HttpStatusCode.OK)]
    [InlineData(Roles.Approver, "/api/v1/approvals", HttpStatusCode.OK)]
    [InlineData(Roles.Reader, "/api/v1/approvals", HttpStatusCode.Forbidden)]
    public async Task Role_Held_Decides(Roles held, string path, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<ICallerAccessor>(new FixedCaller(new Identity(new Caller("u"), held))));
        (await app.GetAsync(path)).Expect(expected);
    }

    [Fact]
    public async Task Caller_Unknown_Is401()
    {
        await using var app = await TestApp.StartAsync(services: services => services.AddSingleton<ICallerAccessor>(new FixedCaller(null)));
        (await app.GetAsync("/api/v1/workflows")).ExpectProblem(HttpStatusCode.Unauthorized);
        (await app.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v1/tasks/a%0d%0aX-Evil:%201/status")]
    [InlineData("/api/v1/workflows/a%0d%0aX-Evil:%201")]
    [InlineData("/api/v1/durable/instances/a%0d%0aX-Evil:%201")]
    [InlineData("/api/v1/artifacts/..%2F..%2Fetc%2Fpasswd")]
    public async Task Id_Hostile_Is404AndNoHeader(string path)
    {
        var reply = await _app.GetAsync(path);
        reply.ExpectProblem(HttpStatusCode.NotFound);
        Assert.False(reply.Headers.Contains("X-Evil"));
    }

    [Fact]
    public async Task Id_VeryLong_IsToldShort()
    {
        var problem = (await _app.GetAsync($"/api/v1/workflows/{new string('a', 4000)}")).ExpectProblem(HttpStatusCode.NotFound);
        Assert.True(problem.GetProperty("detail").GetString()!.Length < 200);
    }

    [Theory]
    [InlineData("Heartbeat", "00:00:00.5")]
    [InlineData("LaunchBurst", "0")]
    [InlineData("PublicUrl", "ftp://x")]
    [InlineData("DurableAlias", "no-slash")]
    [InlineData("AllowedOrigins:0", "example.org/path")]
    public async Task Options_Wrong_StopTheStartAndNameTheKey(string key, string value)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => TestApp.StartAsync(settings: new Dictionary<string, string?> { [$"Troupe:Web:{key}"] = value }));
        Assert.Contains($"Troupe:Web:{key.Split(':')[0]}", failure.Message, StringComparison.Ordinal);
    }

    private sealed class FixedCaller(Identity? identity) : ICallerAccessor
    {
        public ValueTask<Identity?> IdentifyAsync(HttpContext context) => ValueTask.FromResult(identity);
    }
}
