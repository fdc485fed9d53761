using System.Net;
using Troupe.Core.Access;
using Troupe.Core.Deliveries;
using Troupe.Testing.Stores;
using Troupe.Web.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

/// <summary>Addresses that hold a secret: who sees them whole.</summary>
public sealed class AddressTests : IAsyncLifetime
{
    private const string Secret = "s3cret";

    private static readonly Uri Hook = new($"https://hooks.example.org:8443/services/{Secret}?sig={Secret}#{Secret}");

    private TestApp _app = null!;
    private (string Name, string Value) _ada;
    private (string Name, string Value) _eve;
    private (string Name, string Value) _root;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _ada = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator, "ada")).Text);
        _eve = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator, "eve")).Text);
        _root = TestKeys.Bearer((await _app.KeyAsync(Roles.Admin, "root")).Text);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task CallbackUrl_IsWholeForItsUserAndAdmins_AndOnlyItsHostForOthers()
    {
        var launched = (await _app.PostAsync("/api/v1/tasks", $$$"""{"id":"hers","prompt":"x","options":{"callback_url":"{{{Hook}}}"}}""", _ada)).Expect(HttpStatusCode.Accepted);
        var token = new Uri(launched.Get("check_status_url")).Query;
        foreach (var path in new[] { "/api/v1/workflows/hers", "/api/v1/workflows" })
        {
            foreach (var owner in new[] { _ada, _root })
                Assert.Contains(Hook.AbsoluteUri, (await _app.GetAsync(path, owner)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
            AssertHidden(await _app.GetAsync(path, _eve));
        }

        AssertHidden(await _app.GetAsync("/api/v1/workflows/hers" + token));
        foreach (var path in new[] { "tasks", "graph", "events", "log" })
            Assert.DoesNotContain(Secret, (await _app.GetAsync($"/api/v1/workflows/hers/{path}", _eve, ("Accept", "application/json"))).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_HoldsAddresses_IsHandedToAdminsAlone()
    {
        (await _app.PostAsync("/api/v1/batches", $$$"""{"id":"hers","tasks":[{"prompt":"x","options":{"callback_url":"{{{Hook}}}"}}]}""", _ada)).Expect(HttpStatusCode.Accepted);
        var plan = (await _app.Stores.Runs.GetRunAsync("hers", default))!.Plan.Hash;

        (await _app.GetAsync($"/api/v1/artifacts/{plan}", _eve)).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Contains(Secret, (await _app.GetAsync($"/api/v1/artifacts/{plan}", _root)).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_ToASubscription_IsWholeForAdminsAlone()
    {
        await DeliverAsync(static delivery => delivery with { SubscriptionId = "sub" });

        await AssertSeenByAsync([_root], [_ada, _eve]);
    }

    [Fact]
    public async Task Delivery_ToARunsCallback_IsWholeForItsUserToo()
    {
        await DeliverAsync(static delivery => delivery with { SubscriptionId = null });

        await AssertSeenByAsync([_root, _ada], [_eve]);
    }

    [Fact]
    public async Task Delivery_OfANotification_IsWholeForWhoseItIs()
    {
        await DeliverAsync(static delivery => delivery with { SubscriptionId = null, Channel = "webhook", User = "eve" });

        await AssertSeenByAsync([_root, _eve], [_ada]);
    }

    [Theory]
    [InlineData("https://hooks.example.org", "https://hooks.example.org")]
    [InlineData("https://hooks.example.org/", "https://hooks.example.org/")]
    [InlineData("https://hooks.example.org/?a", "https://hooks.example.org/…")]
    [InlineData("https://hooks.example.org/#a", "https://hooks.example.org/…")]
    [InlineData("http://[::1]:81/x/y", "http://[::1]:81/…")]
    public void Beginning_HoldsNothingBehindTheHost(string url, string shown) => Assert.Equal(shown, Addresses.Beginning(new Uri(url)).OriginalString);

    private async Task DeliverAsync(Func<DeliveryRecord, DeliveryRecord> shape)
    {
        (await _app.PostAsync("/api/v1/tasks", """{"id":"hers","prompt":"x"}""", _ada)).Expect(HttpStatusCode.Accepted);
        var attempt = new DeliveryAttempt(1, 1, _app.Time.GetUtcNow(), 500, $"echo {Secret}", null);
        var delivery = SampleRecords.Delivery("hers", "d") with { Status = DeliveryStatus.Dead, Url = Hook, Attempts = [attempt] };
        await _app.Stores.Deliveries.CreateIfAbsentAsync(shape(delivery), default);
    }

    private async Task AssertSeenByAsync((string, string)[] seeing, (string, string)[] others)
    {
        foreach (var path in new[] { "/api/v1/webhook-deliveries", "/api/v1/webhook-deliveries/d" })
        {
            foreach (var one in seeing)
            {
                var text = (await _app.GetAsync(path, one)).Expect(HttpStatusCode.OK).Text;
                Assert.Contains(Hook.AbsoluteUri, text, StringComparison.Ordinal);
                Assert.Contains($"echo {Secret}", text, StringComparison.Ordinal);
            }

            foreach (var one in others)
                AssertHidden(await _app.GetAsync(path, one));
        }

        AssertHidden(await _app.SendAsync(HttpMethod.Post, "/api/v1/webhook-deliveries/d/redeliver", null, others[0]), HttpStatusCode.Accepted);
    }

    private static void AssertHidden(Reply reply, HttpStatusCode status = HttpStatusCode.OK)
    {
        reply.Expect(status);
        Assert.DoesNotContain(Secret, reply.Text, StringComparison.Ordinal);
        Assert.Contains("hooks.example.org:8443/", reply.Text, StringComparison.Ordinal);
    }
}
