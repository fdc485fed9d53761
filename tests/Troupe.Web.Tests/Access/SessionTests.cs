using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

public sealed class SessionTests : IAsyncLifetime
{
    private const string Runs = "/api/v1/workflows";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Open_RightKey_GivesACookieThatNoScriptReads()
    {
        var (id, key) = await _app.KeyAsync(Roles.Operator, "ada");

        var opened = (await OpenAsync(key)).Expect(HttpStatusCode.Created);

        var cookie = opened.Header("Set-Cookie");
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(key, cookie, StringComparison.Ordinal);
        Assert.Equal("ada", (await _app.GetAsync("/api/v1/session", Cookie(opened))).Get("user"));
        Assert.Single((await _app.Services.GetRequiredService<KeyRing>().ListAsync(false, default)), found => found.Id == id);
    }

    [Fact]
    public async Task Open_OverHttps_MarksTheCookieSecure()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var opened = await _app.PostAsync("https://localhost/api/v1/session", $$"""{"key":"{{key}}"}""");
        Assert.Contains("secure", opened.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Open_BehindAProxyThatSpeaksHttps_MarksTheCookieSecure()
    {
        await using var app = await TestApp.StartAsync(options => options.PublicUrl = new Uri("https://troupe.example.org"));
        var (_, key) = await app.KeyAsync(Roles.Reader);
        var opened = await app.PostAsync("/api/v1/session", $$"""{"key":"{{key}}"}""", ("Host", "troupe.example.org"), ("Origin", "https://troupe.example.org"));
        Assert.Contains("secure", opened.Expect(HttpStatusCode.Created).Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Open_WrongKey_Is401WithoutACookie()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var session = Text(await OpenAsync(key));
        foreach (var wrong in new[] { TestKeys.Forge(key), session, "x" })
        {
            var reply = await OpenAsync(wrong);
            reply.ExpectProblem(HttpStatusCode.Unauthorized);
            Assert.False(reply.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Open_NoKeysInUse_SaysSo() => (await OpenAsync("x")).ExpectProblem(HttpStatusCode.Conflict);

    [Fact]
    public async Task Open_ByAFormOrAForeignPage_IsRefused()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        using var form = new FormUrlEncodedContent([new("key", key)]);
        (await _app.SendAsync(HttpMethod.Post, "/api/v1/session", form)).ExpectProblem(HttpStatusCode.UnsupportedMediaType);
        (await _app.PostAsync("/api/v1/session", $$"""{"key":"{{key}}"}""", ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Close_CopiedCookie_OpensNothing()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var cookie = Cookie(await OpenAsync(key));

        var closed = (await _app.SendAsync(HttpMethod.Delete, "/api/v1/session", null, cookie)).Expect(HttpStatusCode.NoContent);

        Assert.Contains("expires=Thu, 01 Jan 1970", closed.Header("Set-Cookie"), StringComparison.OrdinalIgnoreCase);
        (await _app.GetAsync(Runs, cookie)).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, TestKeys.Bearer(key))).Expect(HttpStatusCode.OK);
        (await _app.SendAsync(HttpMethod.Delete, "/api/v1/session", null)).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Session_KeyRevokedOrTimeOver_OpensNothing()
    {
        var (id, key) = await _app.KeyAsync(Roles.Reader);
        var (_, other) = await _app.KeyAsync(Roles.Reader);
        var (first, second) = (Cookie(await OpenAsync(key)), Cookie(await OpenAsync(other)));

        await _app.Services.GetRequiredService<KeyRing>().RevokeAsync(id, new("root"), default);
        (await _app.GetAsync(Runs, first)).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, second)).Expect(HttpStatusCode.OK);

        _app.Time.Advance(TimeSpan.FromHours(12));
        (await _app.GetAsync(Runs, second)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Session_OfAKeyThatEndsSooner_EndsWithIt()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, expires: TimeSpan.FromMinutes(5));
        var cookie = Cookie(await OpenAsync(key));
        _app.Time.Advance(TimeSpan.FromMinutes(5));
        (await _app.GetAsync(Runs, cookie)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost", HttpStatusCode.Accepted)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Accepted)]
    public async Task Session_Change_IsTakenFromTheServersOwnPagesOnly(string? header, string? value, HttpStatusCode expected)
    {
        var (_, key) = await _app.KeyAsync(Roles.Operator);
        var cookie = Cookie(await OpenAsync(key));
        var reply = await _app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""", header is null ? [cookie] : [cookie, (header, value!)]);
        reply.Expect(expected);
    }

    [Fact]
    public async Task Session_EventStream_OpensWithTheCookieButNotForAnotherPage()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var cookie = Cookie(await OpenAsync(key));
        await _app.RunAsync("r", Core.Records.WorkStatus.Completed);
        (await _app.GetAsync("/api/v1/workflows/r/events", cookie, ("Origin", "https://evil.example"))).ExpectProblem(HttpStatusCode.Forbidden);
        Assert.Contains("run.queued", (await _app.GetAsync("/api/v1/workflows/r/events", cookie)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_TwoCookiesOrAWrongHeaderBesideIt_OpenNothing()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var text = Text(await OpenAsync(key));
        (await _app.GetAsync(Runs, ("Cookie", $"troupe_session=trs_x; troupe_session={text}"))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, ("Cookie", $"troupe_session={text}"), TestKeys.Bearer("wrong"))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, ("Cookie", $"troupe_session={key}"))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync(Runs, TestKeys.Bearer(text))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Open_TooMany_EndsTheOldest()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        var first = Cookie(await OpenAsync(key));
        for (var n = 0; n < KeyRing.MaxSessions; n++)
        {
            (await _app.GetAsync(Runs, first)).Expect(HttpStatusCode.OK);
            _app.Time.Advance(TimeSpan.FromSeconds(1));
            (await OpenAsync(key)).Expect(HttpStatusCode.Created);
        }

        (await _app.GetAsync(Runs, first)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Open_TooOften_Is429ForThatKeyUntilItsTime()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader, "ada");
        var (_, other) = await _app.KeyAsync(Roles.Reader, "bob");
        for (var n = 0; n < 30; n++)
            (await OpenAsync(key)).Expect(HttpStatusCode.Created);

        var refused = await OpenAsync(key);

        refused.ExpectProblem(HttpStatusCode.TooManyRequests);
        Assert.Equal("10", refused.Header("Retry-After"));
        (await OpenAsync(other)).Expect(HttpStatusCode.Created);
        _app.Time.Advance(TimeSpan.FromSeconds(10));
        (await OpenAsync(key)).Expect(HttpStatusCode.Created);
        (await OpenAsync(key)).ExpectProblem(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Session_Over_IsClearedAwayByTheKeeper()
    {
        var (_, key) = await _app.KeyAsync(Roles.Reader);
        await OpenAsync(key);
        _app.Time.Advance(TimeSpan.FromHours(11));
        var open = Cookie(await OpenAsync(key));
        _app.Time.Advance(TimeSpan.FromHours(1));

        await _app.Services.GetRequiredService<Core.Runs.KeeperRounds>().NextAsync(default);

        Assert.Equal(2, (await _app.Stores.Keys.ListAsync(true, default)).Count);
        (await _app.GetAsync(Runs, open)).Expect(HttpStatusCode.OK);
    }

    private Task<Reply> OpenAsync(string key) => _app.PostAsync("/api/v1/session", $$"""{"key":"{{key}}"}""");

    private static string Text(Reply opened) => opened.Header("Set-Cookie").Split(';')[0]["troupe_session=".Length..];

    private static (string Name, string Value) Cookie(Reply opened) => ("Cookie", $"other=1; troupe_session={Text(opened)}");
}
