using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Troupe.Core.Access;
using Troupe.Core.Launching;
using Troupe.Web.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

public sealed class KeyHeaderTests : IAsyncLifetime
{
    private const string Session = "/api/v1/session";

    private const string Runs = "/api/v1/workflows";

    private readonly FakePlatform _platform = new();

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(services: services => services.AddSingleton<IPlatformCaller>(_platform));

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("X-Api-Key")]
    [InlineData("x-api-key")]
    public async Task KeyHeader_RightKey_IsItsOwner(string name)
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, "bob");

        Assert.Equal("bob", (await _app.GetAsync(Session, (name, key))).Expect(HttpStatusCode.OK).Get("user"));
    }

    [Fact]
    public async Task KeyHeader_AndTheSameAsBearer_IsTaken()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);

        (await _app.GetAsync(Runs, ("X-Api-Key", key), TestKeys.Bearer(key))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task KeyHeader_AndAnythingElseInAuthorization_OpensNothing()
    {
        var (_, key) = await _app.KeyAsync(Roles.Admin);
        var (_, other) = await _app.KeyAsync(Roles.Admin);

        foreach (var authorization in new[] { $"Bearer {other}", $"Bearer {TestKeys.Forge(key)}", $"Basic {key}", key, "Bearer eyJhbGciOiJub25lIn0.e30." })
        {
            (await _app.GetAsync(Runs, ("X-Api-Key", key), ("Authorization", authorization))).ExpectProblem(HttpStatusCode.Unauthorized);
            (await _app.GetAsync(Runs, ("X-Api-Key", "wrong"), ("Authorization", authorization))).ExpectProblem(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task KeyHeader_Twice_OpensNothingWhicheverIsRight()
    {
        var (_, key) = await _app.KeyAsync(Roles.Admin);
        foreach (var values in new[] { new StringValues([key, key]), new StringValues([key, "wrong"]), new StringValues(["", key]) })
        {
            var context = await _app.Server.SendAsync(request =>
            {
                (request.Request.Method, request.Request.Path, request.Request.Scheme) = ("GET", Runs, "http");
                request.Request.Host = new("localhost");
                request.Request.Headers["X-Api-Key"] = values;
            });
            Assert.Equal(401, context.Response.StatusCode);
        }
    }

    [Fact]
    public async Task KeyHeader_ManyWrongOnes_Are429ButARightOneIsNot()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        for (var n = 0; n < FailedAttempts.Burst; n++)
            (await _app.GetAsync(Runs, ("X-Api-Key", TestKeys.Forge(key)))).ExpectProblem(HttpStatusCode.Unauthorized);

        (await _app.GetAsync(Runs, ("X-Api-Key", "wrong"))).ExpectProblem(HttpStatusCode.TooManyRequests);
        (await _app.GetAsync(Runs, ("X-Api-Key", key))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task KeyHeader_BesideThePlatformsCaller_IsWhatCounts()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, "bob");
        _platform.Caller = new Identity(new Caller("alice"), Roles.All);

        Assert.Equal("alice", (await _app.GetAsync(Session)).Expect(HttpStatusCode.OK).Get("user"));
        Assert.Equal("bob", (await _app.GetAsync(Session, ("X-Api-Key", key))).Expect(HttpStatusCode.OK).Get("user"));
        (await _app.GetAsync(Session, ("X-Api-Key", "wrong"))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task KeyHeader_OfAnyRequest_IsNotLogged()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);

        (await _app.GetAsync(Runs, ("X-Api-Key", key))).Expect(HttpStatusCode.OK);
        (await _app.GetAsync(Runs, ("X-Api-Key", TestKeys.Forge(key)))).ExpectProblem(HttpStatusCode.Unauthorized);

        Assert.DoesNotContain(_app.Log.Lines, line => line.Contains(key[..^1], StringComparison.Ordinal));
        Assert.DoesNotContain(key[4..^1], Redaction.Redact($"X-Api-Key: {key}"), StringComparison.Ordinal);
    }

    private sealed class FakePlatform : IPlatformCaller
    {
        public Identity? Caller { get; set; }

        public Identity? Identify(HttpRequest request) => Caller;
    }
}
