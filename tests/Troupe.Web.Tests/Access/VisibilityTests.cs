using System.Net;
using Troupe.Core.Access;
using Troupe.Core.Deliveries;
using Troupe.Testing.Stores;
using Troupe.Web.Hosting;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

/// <summary>Readers and operators who see their own runs only, on every route that shows runs.</summary>
public sealed class VisibilityTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private (string Name, string Value) _ada;
    private (string Name, string Value) _eve;
    private (string Name, string Value) _lead;
    private (string Name, string Value) _root;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(options => options.ReadersSee = RunsSeen.Own);
        _ada = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator, "ada")).Text);
        _eve = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator, "eve")).Text);
        _lead = TestKeys.Bearer((await _app.KeyAsync(Roles.Operator | Roles.Approver, "lead")).Text);
        _root = TestKeys.Bearer((await _app.KeyAsync(Roles.Admin, "root")).Text);
        (await _app.PostAsync("/api/v1/tasks", """{"id":"hers","prompt":"x"}""", _ada)).Expect(HttpStatusCode.Accepted);
        (await _app.PostAsync("/api/v1/tasks", """{"id":"other","prompt":"x"}""", _eve)).Expect(HttpStatusCode.Accepted);
        await _app.Stores.Deliveries.CreateIfAbsentAsync(SampleRecords.Delivery("hers", "d-hers") with { Status = DeliveryStatus.Dead }, default);
        await _app.Stores.Deliveries.CreateIfAbsentAsync(SampleRecords.Delivery("other", "d-other") with { Status = DeliveryStatus.Dead }, default);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("GET", "workflows/hers")]
    [InlineData("GET", "workflows/hers?wait=1ms")]
    [InlineData("GET", "workflows/hers/tasks")]
    [InlineData("GET", "workflows/hers/graph")]
    [InlineData("GET", "workflows/hers/log")]
    [InlineData("GET", "workflows/hers/events")]
    [InlineData("GET", "WORKFLOWS/hers")]
    [InlineData("GET", "workflows/her%73")]
    [InlineData("GET", "tasks/{task}/status")]
    [InlineData("GET", "tasks/{task}/result")]
    [InlineData("GET", "tasks/{task}/artifacts/a.txt")]
    [InlineData("GET", "durable/instances/hers")]
    [InlineData("GET", "durable/instances/hers:x")]
    [InlineData("GET", "webhook-deliveries/d-hers")]
    [InlineData("POST", "workflows/hers/cancel")]
    [InlineData("POST", "workflows/hers/pause")]
    [InlineData("POST", "workflows/hers/resume")]
    [InlineData("POST", "workflows/hers/rerun")]
    [InlineData("POST", "workflows/hers/callbacks/x")]
    [InlineData("POST", "tasks/{task}/result")]
    [InlineData("POST", "durable/instances/hers/raiseEvent/x")]
    [InlineData("POST", "webhook-deliveries/d-hers/redeliver")]
    public async Task Run_OfAnother_IsAsIfThereWereNone(string method, string path)
    {
        var task = (await _app.Stores.Runs.ListTasksAsync("hers", 1, null, default)).Items[0].Id;
        path = path.Replace("{task}", task, StringComparison.Ordinal);
        var none = path.Replace("hers", "none", StringComparison.Ordinal).Replace("her%73", "none", StringComparison.Ordinal);

        var hidden = await SendAsync(method, path, _eve);
        hidden.ExpectProblem(HttpStatusCode.NotFound);

        var missing = await SendAsync(method, none, _eve);
        Assert.Equal(missing.Text.Replace("none", "hers", StringComparison.Ordinal), hidden.Text);
        Assert.DoesNotContain(_app.Engine.Calls, call => call.InstanceId == "hers" && call.Call != "start");
    }

    [Theory]
    [InlineData("workflows/hers")]
    [InlineData("workflows/hers/tasks")]
    [InlineData("workflows/hers/graph")]
    [InlineData("webhook-deliveries/d-hers")]
    public async Task Run_OfOnesOwnOrForApproversAndAdmins_IsSeen(string path)
    {
        foreach (var caller in new[] { _ada, _lead, _root })
            (await _app.GetAsync($"/api/v1/{path}", caller)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Events_AmongManyOfOthers_AreFoundPageByPageWithBoundedWork()
    {
        await _app.AppendAsync("hers", [.. Enumerable.Range(0, 2_500).Select(static _ => Seed.Event("task.progress"))]);
        await _app.AppendAsync("other", Seed.Event("task.started"), Seed.Event("task.progress"));
        var (pages, found, after) = (0, new List<string>(), 2L);
        while (pages++ < 20)
        {
            var page = (await _app.GetAsync($"/api/v1/events?limit=1&after={after}", _eve, ("Accept", "application/json"))).Expect(HttpStatusCode.OK).Json;
            found.AddRange(page.GetProperty("events").EnumerateArray().Select(static one => one.GetProperty("type").GetString()!));
            var last = page.GetProperty("last").GetInt64();
            Assert.InRange(last - after, 0, 1_000);
            if (last == after)
                break;
            after = last;
        }

        Assert.Equal(["task.started", "task.progress"], found);
        Assert.Equal(5, pages);
        Assert.Equal(2_504, after);
    }

    [Fact]
    public async Task Lists_ShowWhatIsOnesOwn()
    {
        foreach (var path in new[] { "workflows", "webhook-deliveries", "durable/instances" })
        {
            AssertOnly("other", "hers", await _app.GetAsync($"/api/v1/{path}", _eve));
            AssertOnly("hers", "other", await _app.GetAsync($"/api/v1/{path}", _ada));
            var all = (await _app.GetAsync($"/api/v1/{path}", _lead)).Expect(HttpStatusCode.OK).Text;
            Assert.Contains("hers", all, StringComparison.Ordinal);
            Assert.Contains("other", all, StringComparison.Ordinal);
        }

        Assert.Empty((await _app.GetAsync("/api/v1/workflows?user=ada", _eve)).Json.GetProperty("items").EnumerateArray());
        Assert.Single((await _app.GetAsync("/api/v1/workflows?user=eve", _eve)).Json.GetProperty("items").EnumerateArray());
        Assert.DoesNotContain("d-hers", (await _app.GetAsync("/api/v1/webhook-deliveries?workflow_id=hers", _eve)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfAll_LeaveOutOthersHoweverMany()
    {
        for (var n = 0; n < 7; n++)
            await _app.AppendAsync("hers", [.. Enumerable.Range(0, 100).Select(static _ => Seed.Event("task.progress"))]);
        await _app.AppendAsync("other", Seed.Event("note"));

        var page = (await _app.GetAsync("/api/v1/events?after=0", _eve, ("Accept", "application/json"))).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("hers", page.Text, StringComparison.Ordinal);
        var last = (await _app.GetAsync($"/api/v1/events?after={page.Json.GetProperty("last")}", _eve, ("Accept", "application/json"))).Text;
        Assert.Contains("note", page.Text + last, StringComparison.Ordinal);
        Assert.Contains("hers", (await _app.GetAsync("/api/v1/events?after=0", _ada, ("Accept", "application/json"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedeliverMany_OfOthers_IsRefused()
    {
        (await _app.PostAsync("/api/v1/webhook-deliveries/redeliver", "{}", _eve)).ExpectProblem(HttpStatusCode.Forbidden);
        (await _app.PostAsync("/api/v1/webhook-deliveries/redeliver", """{"workflow_id":"hers"}""", _eve)).ExpectProblem(HttpStatusCode.NotFound);
        Assert.Equal(DeliveryStatus.Dead, (await _app.Stores.Deliveries.GetAsync("d-hers", default))!.Status);
    }

    [Fact]
    public async Task Route_ThatDoesNotSayWhatItShows_IsClosedToBoundedViewers()
    {
        await using var app = await TestApp.StartAsync(
            options => options.ReadersSee = RunsSeen.Own,
            map: static endpoints => Troupe.Web.Access.RequiredRoleExtensions.RequireRole(
                Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(endpoints, "/new", static () => "x"), Roles.Reader));
        (await app.GetAsync("/new", TestKeys.Bearer((await app.KeyAsync(Roles.Reader)).Text))).ExpectProblem(HttpStatusCode.Forbidden);
        (await app.GetAsync("/new", TestKeys.Bearer((await app.KeyAsync(Roles.Admin)).Text))).Expect(HttpStatusCode.OK);
    }

    private static void AssertOnly(string shown, string hidden, Reply reply)
    {
        reply.Expect(HttpStatusCode.OK);
        Assert.Contains(shown, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, reply.Text, StringComparison.Ordinal);
    }

    private Task<Reply> SendAsync(string method, string path, (string Name, string Value) caller) => method == "GET"
        ? _app.GetAsync($"/api/v1/{path}", caller)
        : _app.PostAsync($"/api/v1/{path}", """{"result":"x"}""", caller);
}
