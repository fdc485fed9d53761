using System.Net;
using System.Text.Json;
using Troupe.Core.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Access;

public sealed class StatusTokenTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        (_, _key) = await _app.KeyAsync(Roles.Operator);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Launch_KeysInUse_HandsOutUrlsThatOpenThatRun()
    {
        var launched = await LaunchAsync("mine");

        var status = (await _app.GetAsync(launched.Get("check_status_url"))).Expect(HttpStatusCode.OK);
        Assert.Equal(launched.Get("check_status_url"), launched.Header("Location"));
        Assert.Equal("no-referrer", status.Header("Referrer-Policy"));
        var result = status.Get("result_url");
        (await _app.GetAsync(result)).ExpectProblem(HttpStatusCode.Conflict);
        var token = Token(launched);
        (await _app.GetAsync($"/api/v1/workflows/mine?token={token}")).Expect(HttpStatusCode.OK);
        (await _app.GetAsync($"/api/v1/workflows/mine/events?token={token}", ("Accept", "application/json"))).Expect(HttpStatusCode.OK);
        var durable = launched.Json.GetProperty("durable");
        var instance = await _app.GetAsync(durable.GetProperty("statusQueryGetUri").GetString()!);
        instance.Expect(HttpStatusCode.Accepted);
        Assert.Equal(durable.GetProperty("statusQueryGetUri").GetString(), instance.Header("Location"));
        Assert.DoesNotContain("token", durable.GetProperty("terminatePostUri").GetString()!, StringComparison.Ordinal);
        Assert.DoesNotContain("token", durable.GetProperty("purgeHistoryDeleteUri").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Launch_NoKeysInUse_HandsOutPlainUrls()
    {
        await using var app = await TestApp.StartAsync();
        var launched = (await app.PostAsync("/api/v1/tasks", """{"prompt":"x"}""")).Expect(HttpStatusCode.Accepted);
        Assert.DoesNotContain("token", launched.Text, StringComparison.Ordinal);
        (await app.GetAsync($"{launched.Get("check_status_url")}?token=anything")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Batch_KeysInUse_HandsOutATokenForEveryTask()
    {
        var launched = (await _app.PostAsync("/api/v1/batches", """{"tasks":[{"prompt":"a"},{"prompt":"b"}]}""", TestKeys.Bearer(_key))).Expect(HttpStatusCode.Accepted);
        foreach (var task in launched.Json.GetProperty("tasks").EnumerateArray())
            (await _app.GetAsync(task.GetProperty("check_status_url").GetString()!)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Token_OfAnotherRun_FindsNothing()
    {
        await LaunchAsync("mine");
        var token = Token(await LaunchAsync("other"));
        foreach (var path in new[] { "workflows/mine", "workflows/mine/events", "tasks/mine:task/status", "tasks/mine:task/result", "durable/instances/mine", "durable/instances/mine:task", "workflows/none" })
            (await _app.GetAsync($"/api/v1/{path}?token={token}")).ExpectProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "workflows")]
    [InlineData("GET", "workflows/mine/tasks")]
    [InlineData("GET", "workflows/mine/graph")]
    [InlineData("GET", "workflows/mine/log")]
    [InlineData("GET", "events")]
    [InlineData("GET", "durable/instances")]
    [InlineData("GET", "keys")]
    [InlineData("GET", "session")]
    [InlineData("POST", "workflows/mine/cancel")]
    [InlineData("POST", "durable/instances/mine/terminate")]
    [InlineData("DELETE", "durable/instances/mine")]
    public async Task Token_OnAnyOtherRoute_IsNoKey(string method, string path)
    {
        var token = Token(await LaunchAsync("mine"));
        (await _app.SendAsync(new HttpMethod(method), $"/api/v1/{path}?token={token}", Body(method))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.SendAsync(new HttpMethod(method), $"/api/v1/{path}", Body(method), TestKeys.Bearer(token))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_Expired_OpensNothing()
    {
        var url = (await LaunchAsync("mine")).Get("check_status_url");
        _app.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await _app.GetAsync(url)).Expect(HttpStatusCode.OK);
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        (await _app.GetAsync(url)).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_ChangedAnywhere_OpensNothing()
    {
        var token = Token(await LaunchAsync("mine"));
        for (var at = 0; at < token.Length; at += 7)
        {
            var changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            Assert.Contains((await _app.GetAsync($"/api/v1/workflows/mine?token={changed}")).Status, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests });
        }
    }

    [Fact]
    public async Task Token_GivenTwice_OpensNothing()
    {
        var token = Token(await LaunchAsync("mine"));
        (await _app.GetAsync($"/api/v1/workflows/mine?token={token}&token={token}")).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _app.GetAsync($"/api/v1/workflows/mine?token=")).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    private async Task<Reply> LaunchAsync(string id) =>
        (await _app.PostAsync("/api/v1/tasks", JsonSerializer.Serialize(new { id, prompt = "x" }), TestKeys.Bearer(_key))).Expect(HttpStatusCode.Accepted);

    private static StringContent? Body(string method) =>
        method == "POST" ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : null;

    private static string Token(Reply launched) => new Uri(launched.Get("check_status_url")).Query["?token=".Length..];
}
