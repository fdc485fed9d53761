using System.Net;
using System.Text.Json;
using Troupe.Core.Access;
using Troupe.Core.Records;
using Troupe.Web.Tests.Access;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Workflows;

public sealed class CallbackTokenTests : IAsyncLifetime
{
    private const string Launch = """
        {"workflow":{"name":"called","phases":[{"id":"p","gate":{"callback":"built"},"tasks":[{"id":"a","agent":"generalist","prompt":"x"}]},
        {"id":"q","after":["p"],"gate":{"callback":"deployed"},"tasks":[{"id":"b","agent":"generalist","prompt":"x"}]}]}}
        """;

    private TestApp _app = null!;
    private string _operator = "";

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        (_, _operator) = await _app.KeyAsync(Roles.Operator);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Launch_WithCallbacks_TellsTheirTokensOnceAndKeepsHashes()
    {
        var (run, built, deployed) = await LaunchAsync(("Idempotency-Key", "k"));
        Assert.NotEqual(built.Token, deployed.Token);
        var stored = JsonSerializer.Serialize(await _app.Stores.Runs.GetRunAsync(run, default));
        Assert.DoesNotContain(built.Token!, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(_app.Log.Lines, line => line.Contains(built.Token!, StringComparison.Ordinal));
        var (again, repeated, _) = await LaunchAsync(("Idempotency-Key", "k"));
        Assert.Equal((run, null), (again, repeated.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Callback_WithItsToken_NeedsNoKey(bool asBearer)
    {
        var (_, built, _) = await LaunchAsync();
        var header = asBearer ? ("Authorization", $"Bearer {built.Token}") : ("x-callback-token", built.Token!);
        (await _app.PostAsync(built.Path, """{"ok":true}""", header, ("webhook-id", "d1"))).Expect(HttpStatusCode.Accepted);
        (await _app.PostAsync(built.Path, """{"ok":true}""", header, ("webhook-id", "d1"))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Callback_WithAnOperatorsKey_IsTaken()
    {
        var (_, built, _) = await LaunchAsync();
        (await _app.PostAsync(built.Path, "{}", TestKeys.Bearer(_operator))).Expect(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Callback_WithAWrongToken_IsRefusedAlikeAndToldInTheLogOnceAMinute()
    {
        var (run, built, deployed) = await LaunchAsync();
        var (_, reader) = await _app.KeyAsync(Roles.Reader, "ro");
        var wrong = new[] { deployed.Token!, TestKeys.Forge(built.Token!), "trc_x", "x" };
        var answers = new List<string>();
        foreach (var token in wrong)
            answers.Add((await _app.PostAsync(built.Path, "{}", ("x-callback-token", token))).Expect(HttpStatusCode.Unauthorized).Text);
        answers.Add((await _app.PostAsync("/api/v1/workflows/none/callbacks/built", "{}", ("x-callback-token", built.Token!))).Expect(HttpStatusCode.Unauthorized).Text);
        answers.Add((await _app.PostAsync($"/api/v1/workflows/{run}/callbacks/other", "{}", ("x-callback-token", built.Token!))).Expect(HttpStatusCode.Unauthorized).Text);
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        (await _app.PostAsync(built.Path, "{}")).Expect(HttpStatusCode.Unauthorized);
        (await _app.PostAsync(built.Path, "{}", TestKeys.Bearer(reader))).Expect(HttpStatusCode.Forbidden);
        Assert.Null(await _app.Stores.Gates.GetCallbackAsync(run, "built", default));
        var refused = Assert.Single(await _app.Stores.Events.ReadAsync(run, 0, 100, default), static one => one.Type == EventTypes.CallbackRefused);
        Assert.Equal("wrong_token", refused.Data.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Callback_TokenOnOtherRoutes_OpensNothing()
    {
        var (run, built, _) = await LaunchAsync();
        (await _app.PostAsync($"/api/v1/workflows/{run}/cancel", "{}", ("x-callback-token", built.Token!))).Expect(HttpStatusCode.Unauthorized);
        (await _app.GetAsync($"/api/v1/workflows/{run}", ("Authorization", $"Bearer {built.Token}"))).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Callback_Late_IsToldInTheLog()
    {
        var (run, built, deployed) = await LaunchAsync();
        (await _app.PostAsync(built.Path, "{}", ("x-callback-token", built.Token!), ("webhook-id", "d1"))).Expect(HttpStatusCode.Accepted);
        (await _app.PostAsync(built.Path, "{}", ("x-callback-token", built.Token!), ("webhook-id", "d2"))).ExpectProblem(HttpStatusCode.Conflict);
        await _app.EndAsync(run, WorkStatus.Completed, EventTypes.RunCompleted);
        (await _app.PostAsync(deployed.Path, "{}", ("x-callback-token", deployed.Token!))).ExpectProblem(HttpStatusCode.Gone);
        (await _app.PostAsync(built.Path, "{}", ("x-callback-token", built.Token!), ("webhook-id", "d1"))).Expect(HttpStatusCode.OK);
        var reasons = (await _app.Stores.Events.ReadAsync(run, 0, 100, default)).Where(static one => one.Type == EventTypes.CallbackRefused).Select(static one => one.Data.GetProperty("reason").GetString());
        Assert.Equal(["received_before", "ended"], reasons);
    }

    private async Task<(string Run, (string Path, string? Token) Built, (string Path, string? Token) Deployed)> LaunchAsync(params (string Name, string Value)[] headers)
    {
        var body = (await _app.PostAsync("/api/v1/workflows", Launch, [TestKeys.Bearer(_operator), .. headers])).Expect(HttpStatusCode.Accepted).Json;
        var callbacks = body.GetProperty("callbacks").EnumerateArray().Select(static one => (
            new Uri(one.GetProperty("url").GetString()!).AbsolutePath, one.TryGetProperty("token", out var token) ? token.GetString() : null)).ToList();
        return (body.GetProperty("workflow_id").GetString()!, callbacks[0], callbacks[1]);
    }
}
