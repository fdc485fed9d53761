using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Web.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

public sealed class KeyTests : IAsyncLifetime
{
    private const string Runs = "/api/v1/workflows";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task NoKeys_AnyRequest_IsTheLocalUsers()
    {
        (await _app.GetAsync(Runs)).Expect(HttpStatusCode.OK);
        var session = (await _app.GetAsync("/api/v1/session")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("local", false), (session.GetProperty("user").GetString(), session.GetProperty("keys_in_use").GetBoolean()));
    }

    [Fact]
    public async Task Create_ByApi_TellsTheKeyOnceAndClosesTheDoor()
    {
        var made = (await _app.PostAsync("/api/v1/keys", """{"name":"ci","roles":["operator","approver"],"owner":"bob","groups":["leads"],"expires":"90d"}"""))
            .Expect(HttpStatusCode.Created);
        var text = made.Get("key");

        (await _app.GetAsync(Runs)).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, TestKeys.Bearer(text))).Expect(HttpStatusCode.OK);
        var session = (await _app.GetAsync("/api/v1/session", TestKeys.Bearer(text))).Json;
        Assert.Equal("bob", session.GetProperty("user").GetString());
        Assert.Equal(["reader", "operator", "approver"], Texts(session, "roles"));
        Assert.Equal(["leads"], Texts(session, "groups"));
        Assert.StartsWith("trp_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, JsonSerializer.Serialize(await _app.Stores.Keys.ListAsync(true, default)), StringComparison.Ordinal);
        Assert.EndsWith($"/api/v1/keys/{made.Get("id")}", made.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAndGet_ByApi_NeverTellTextOrHash()
    {
        var (id, text) = await _app.KeyAsync(Roles.Admin);
        var stored = await _app.Stores.Keys.GetAsync(id, default);

        foreach (var path in new[] { "/api/v1/keys", $"/api/v1/keys/{id}" })
        {
            var reply = (await _app.GetAsync(path, TestKeys.Bearer(text))).Expect(HttpStatusCode.OK);
            Assert.Contains(id, reply.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, reply.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(stored!.Hash, reply.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"roles":["reader"]}""", "/name")]
    [InlineData("""{"name":"x"}""", "/roles")]
    [InlineData("""{"name":"x","roles":[]}""", "/roles")]
    [InlineData("""{"name":"x","roles":["root"]}""", "/roles")]
    [InlineData("""{"name":"x","roles":["15"]}""", "/roles")]
    [InlineData("""{"name":"x","roles":"admin"}""", "/roles")]
    [InlineData("""{"name":"x","roles":["reader"],"groups":["a b"]}""", "/groups")]
    [InlineData("""{"name":"x","roles":["reader"],"expires":"soon"}""", "/expires")]
    [InlineData("""{"name":"x","roles":["reader"],"expires":"0s"}""", "/expires")]
    [InlineData("""{"name":"x","roles":["reader"],"owner":"a\u0000b"}""", "/owner")]
    [InlineData("""{"name":"x","roles":["reader"],"id":"mine"}""", "/id")]
    public async Task Create_Wrong_NamesThePlaceAndMakesNone(string body, string pointer)
    {
        (await _app.PostAsync("/api/v1/keys", body)).ExpectProblem(HttpStatusCode.UnprocessableEntity, pointer);
        Assert.Empty(await _app.Stores.Keys.ListAsync(true, default));
    }

    [Fact]
    public async Task Revoke_ByApi_ClosesAtOnceAndNeverOpensTheServer()
    {
        var (id, admin) = await _app.KeyAsync(Roles.Admin);

        Assert.Equal(HttpStatusCode.NoContent, (await _app.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}", null, TestKeys.Bearer(admin))).Status);

        (await _app.GetAsync(Runs, TestKeys.Bearer(admin))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Revoke_Again_IsTheSameAndUnknown404()
    {
        var (_, admin) = await _app.KeyAsync(Roles.Admin);
        var (id, _) = await _app.KeyAsync(Roles.Reader);
        foreach (var _ in new[] { 1, 2 })
            (await _app.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{id}", null, TestKeys.Bearer(admin))).Expect(HttpStatusCode.NoContent);
        (await _app.SendAsync(HttpMethod.Delete, "/api/v1/keys/none", null, TestKeys.Bearer(admin))).ExpectProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain(id, (await _app.GetAsync("/api/v1/keys", TestKeys.Bearer(admin))).Text, StringComparison.Ordinal);
        Assert.Contains(id, (await _app.GetAsync("/api/v1/keys?revoked=true", TestKeys.Bearer(admin))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_ByAnotherProcess_CountsWithinASecond()
    {
        var (id, key) = await _app.KeyAsync(Roles.Reader);
        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).Expect(HttpStatusCode.OK);

        await _app.Stores.Keys.RevokeAsync(id, _app.Time.GetUtcNow(), "elsewhere", default);
        _app.Time.Advance(TimeSpan.FromSeconds(1));

        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_Expired_OpensNothing()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, expires: TimeSpan.FromHours(1));
        _app.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).Expect(HttpStatusCode.OK);
        _app.Time.Advance(TimeSpan.FromTicks(1));
        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_WrongInAnyWay_IsAnsweredTheSame()
    {
        var (id, key) = await _app.KeyAsync(Roles.Reader);
        var (revoked, old) = await _app.KeyAsync(Roles.Reader);
        await _app.Stores.Keys.RevokeAsync(revoked, _app.Time.GetUtcNow(), "x", default);
        _app.Time.Advance(TimeSpan.FromSeconds(2));
        string[] wrong =
        [
            TestKeys.Forge(key), key.Replace(id, "zzzzzzzzzzzz", StringComparison.Ordinal), old, key[..^1], key + "a", key.ToUpperInvariant(), "", " ", id,
            $"{key}, Bearer {key}", $"trs{key[3..]}", new string('x', 5000),
        ];
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in wrong)
        {
            var reply = await _app.GetAsync(Runs, TestKeys.Bearer(text));
            reply.ExpectProblem(HttpStatusCode.Unauthorized);
            Assert.StartsWith("Bearer", reply.Header("WWW-Authenticate"), StringComparison.Ordinal);
            answers.Add(reply.Text);
        }

        Assert.Single(answers);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Token x")]
    public async Task Authorization_OtherScheme_Is401(string header)
    {
        await _app.KeyAsync(Roles.Reader);
        (await _app.GetAsync(Runs, ("Authorization", header))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Authorization_Twice_Is401WhicheverIsRight()
    {
        var (_, key) = await _app.KeyAsync(Roles.Admin);
        foreach (var second in new[] { key, TestKeys.Forge(key), "" })
        {
            var context = await _app.Server.SendAsync(request =>
            {
                (request.Request.Method, request.Request.Path, request.Request.Scheme) = ("GET", Runs, "http");
                request.Request.Host = new("localhost");
                request.Request.Headers.Authorization = new([$"Bearer {key}", $"Bearer {second}"]);
            });
            Assert.Equal(401, context.Response.StatusCode);
        }
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    public async Task Authorization_SchemeInAnyCase_IsTaken(string scheme)
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        (await _app.GetAsync(Runs, ("Authorization", scheme + key))).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/api/v1/workflows?key=")]
    [InlineData("/api/v1/workflows?access_token=")]
    [InlineData("/api/v1/workflows/x?token=")]
    [InlineData("/api/v1/workflows/")]
    [InlineData("/api/v1/durable/instances?code=")]
    public async Task Key_InTheUrl_IsRefusedEvenBesideARightOne(string path)
    {
        var (_, key) = await _app.KeyAsync(Roles.Admin);
        Assert.Equal("urn:troupe:problem:key-in-url", Kind((await _app.GetAsync(path + key)).ExpectProblem(HttpStatusCode.BadRequest)));
        (await _app.GetAsync(path + key, TestKeys.Bearer(key))).ExpectProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/API/V1/WORKFLOWS")]
    [InlineData("/api/v1/workflows/")]
    [InlineData("/api/v1/%77orkflows")]
    [InlineData("/api/v1/healthz/../workflows")]
    [InlineData("/Api/V1/Keys")]
    public async Task Path_InDisguise_NeedsAKeyAsWell(string path)
    {
        await _app.KeyAsync(Roles.Reader);
        (await _app.GetAsync(path)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/healthz%2F..%2Fapi%2Fv1%2Fworkflows")]
    [InlineData("/healthz;/api/v1/workflows")]
    [InlineData("//api/v1/workflows")]
    [InlineData("/api%2Fv1%2Fworkflows")]
    public async Task Path_Malformed_IsNoRoute(string path)
    {
        await _app.KeyAsync(Roles.Reader);
        (await _app.GetAsync("http://localhost" + path)).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Key_ManyWrongOnes_Are429ButARightOneIsNot()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        for (var n = 0; n < FailedAttempts.Burst; n++)
            (await _app.GetAsync(Runs, TestKeys.Bearer("wrong"))).ExpectProblem(HttpStatusCode.Unauthorized);

        var refused = await _app.GetAsync(Runs, TestKeys.Bearer("wrong"));
        refused.ExpectProblem(HttpStatusCode.TooManyRequests);
        Assert.Equal("3", refused.Header("Retry-After"));
        (await _app.PostAsync("/api/v1/session", """{"key":"wrong"}""")).ExpectProblem(HttpStatusCode.TooManyRequests);
        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).Expect(HttpStatusCode.OK);
        (await _app.GetAsync(Runs)).ExpectProblem(HttpStatusCode.Unauthorized);

        _app.Time.Advance(FailedAttempts.Interval);
        (await _app.GetAsync(Runs, TestKeys.Bearer("wrong"))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, TestKeys.Bearer("wrong"))).ExpectProblem(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public void FailedAttempts_ManyAddresses_StayBounded()
    {
        var attempts = new FailedAttempts(_app.Time);
        for (var n = 0; n < FailedAttempts.MaxAddresses; n++)
            Assert.Null(attempts.Note(new IPAddress(n + 1_000_000)));
        var refused = Enumerable.Range(0, 100).Count(n => attempts.Note(new IPAddress(n + 90_000_000)) is not null);
        Assert.Equal(100 - FailedAttempts.Burst, refused);

        _app.Time.Advance(FailedAttempts.Interval * (FailedAttempts.Burst + 1));
        Assert.Null(attempts.Note(new IPAddress(90_000_000)));
    }

    [Fact]
    public void FailedAttempts_OneNetworkOfIPv6_IsOneAddress()
    {
        var attempts = new FailedAttempts(_app.Time);
        var refused = Enumerable.Range(0, 30).Count(n => attempts.Note(IPAddress.Parse($"2001:db8:1:2::{n:x}")) is not null);
        Assert.Equal(10, refused);
        Assert.Null(attempts.Note(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Null(attempts.Note(IPAddress.Parse("::ffff:10.0.0.1")));
    }

    [Fact]
    public async Task RequireKeys_WithoutAny_LetsNobodyIn()
    {
        await using var app = await TestApp.StartAsync(options => options.RequireKeys = true);
        (await app.GetAsync(Runs)).ExpectProblem(HttpStatusCode.Unauthorized);
        (await app.PostAsync("/api/v1/keys", """{"name":"x","roles":["admin"]}""")).ExpectProblem(HttpStatusCode.Unauthorized);
        (await app.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Launch_WithAKey_IsItsOwners()
    {
        var (_, key) = await _app.KeyAsync(Roles.Operator, "bob");
        var launched = (await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", TestKeys.Bearer(key))).Expect(HttpStatusCode.Accepted);
        Assert.Equal("bob", (await _app.Stores.Runs.GetRunAsync(launched.Get("workflow_id"), default))!.User);
    }

    [Fact]
    public async Task Log_AfterWrongAndRightKeys_HoldsNone()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        await _app.GetAsync(Runs, TestKeys.Bearer(key));
        await _app.GetAsync(Runs, TestKeys.Bearer(TestKeys.Forge(key)));
        await _app.GetAsync($"{Runs}?key={key}");
        Assert.DoesNotContain(_app.Log.Lines, line => line.Contains("trp_", StringComparison.Ordinal));
    }

    private static string Kind(JsonElement problem) => problem.GetProperty("type").GetString()!;

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(static item => item.GetString()!);
}
