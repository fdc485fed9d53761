using System.Net;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Deliveries;

public sealed class SubscriptionTests : IAsyncLifetime
{
    private const string Path = "/api/v1/webhook-subscriptions";
    private const string Body = """{"url":"https://example.com/hook","types":["task.*"],"tags":["nightly"],"description":"to the board"}""";

    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Post_Subscription_ShowsItsSecretOnce()
    {
        var added = (await _app.PostAsync(Path, Body)).Expect(HttpStatusCode.Created);
        var (id, secret) = (added.Get("id"), added.Get("secret"));

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal("to the board", (await _app.GetAsync($"{Path}/{id}")).Expect(HttpStatusCode.OK).Get("description"));
        Assert.DoesNotContain(secret, (await _app.GetAsync($"{Path}/{id}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await _app.GetAsync(Path)).Text, StringComparison.Ordinal);
        Assert.Single((await _app.GetAsync(Path)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Rotate_NewSecret_IsShownWithTheOldOnesEnd()
    {
        var added = await _app.PostAsync(Path, Body);

        var rotated = (await _app.PostAsync($"{Path}/{added.Get("id")}/rotate", "{}")).Expect(HttpStatusCode.OK);

        Assert.NotEqual(added.Get("secret"), rotated.Get("secret"));
        Assert.Equal("2030-01-02T00:00:00Z", rotated.Get("old_secret_expires_at"));
    }

    [Fact]
    public async Task Patch_Fields_ChangesThemAlone()
    {
        var id = (await _app.PostAsync(Path, Body)).Get("id");

        var changed = (await _app.PatchAsync($"{Path}/{id}", """{"enabled":false,"types":["*"]}""")).Expect(HttpStatusCode.OK);

        Assert.False(changed.Json.GetProperty("enabled").GetBoolean());
        Assert.Equal(("https://example.com/hook", "nightly"), (changed.Get("url"), changed.Json.GetProperty("tags")[0].GetString()));
    }

    [Fact]
    public async Task Delete_Subscription_IsGone()
    {
        var id = (await _app.PostAsync(Path, Body)).Get("id");

        (await _app.DeleteAsync($"{Path}/{id}")).Expect(HttpStatusCode.NoContent);

        (await _app.DeleteAsync($"{Path}/{id}")).Expect(HttpStatusCode.NotFound);
        (await _app.GetAsync($"{Path}/{id}")).Expect(HttpStatusCode.NotFound);
        (await _app.PatchAsync($"{Path}/{id}", "{}")).Expect(HttpStatusCode.NotFound);
        (await _app.PostAsync($"{Path}/{id}/rotate", "{}")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"types":["*"]}""", "/url")]
    [InlineData("""{"url":"ftp://x","types":["*"]}""", "/url")]
    [InlineData("""{"url":"https://a:b@x","types":["*"]}""", "/url")]
    [InlineData("""{"url":"https://x"}""", "/types")]
    [InlineData("""{"url":"https://x","types":[]}""", "/types")]
    [InlineData("""{"url":"https://x","types":["task.nothing"]}""", "/types")]
    [InlineData("""{"url":"https://x","types":[1]}""", "/types")]
    [InlineData("""{"url":"https://x","types":["*"],"tags":"a"}""", "/tags")]
    [InlineData("""{"url":"https://x","types":["*"],"enabled":"yes"}""", "/enabled")]
    [InlineData("""{"url":"https://x","types":["*"],"secret":"short"}""", "/secret")]
    [InlineData("""{"url":"https://x","types":["*"],"colour":"red"}""", "/colour")]
    public async Task Post_Wrong_NamesThePlaceAndAddsNothing(string body, string pointer)
    {
        var refused = (await _app.PostAsync(Path, body)).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains(refused.Json.GetProperty("errors").EnumerateArray(), error => error.GetProperty("pointer").GetString() == pointer);
        Assert.Empty((await _app.GetAsync(Path)).Json.GetProperty("items").EnumerateArray());
    }
}
