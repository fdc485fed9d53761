using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Troupe.Acceptance.Figures;

namespace Troupe.Acceptance.People;

/// <summary>A server of its own, and a Slack on the loopback address that signs as the real one.</summary>
public sealed class D5_SlackTests : IAsyncLifetime
{
    private const string Secret = "a signing secret of tests";

    private readonly TemporaryFolder _data = new();
    private readonly WebhookReceiver _slack = new();
    private ServerProcess _server = null!;

    private Api Api { get; set; } = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _slack.DisposeAsync();
        _data.Dispose();
    }

    [EmbeddedFact]
    public async Task D5_SlashCommand_LaunchesWhatIsSigned()
    {
        var body = Command("U1", "run review-pr diff=\"a b\"");
        var stamp = Now();
        (await SendAsync("commands", body, stamp, "v0=" + new string('0', 64))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await SendAsync("commands", body, Now(-301), Sign(body, Now(-301)))).ExpectProblem(HttpStatusCode.Unauthorized);

        var answer = (await SendAsync("commands", body, stamp, Sign(body, stamp))).Expect(HttpStatusCode.OK).Json;

        var run = Assert.Single((await Api.GetAsync("workflows")).Json.Items());
        Assert.Contains(run.Text("workflow_id"), answer.Text("text"), StringComparison.Ordinal);
        Assert.Equal("ada", run.Text("user"));
        (await SendAsync("commands", body, stamp, Sign(body, stamp))).ExpectProblem(HttpStatusCode.Unauthorized);
    }

    [EmbeddedFact]
    public async Task D5_ApprovalWithButtons_ArrivesAfterAKill_AndIsDecided()
    {
        _slack.Answer = static _ => 503;
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "instant", prompt = "x", gate = new { approval = new { title = "Go on?", approvers = new[] { "bob" } } } });
        var gate = (await Api.PendingApprovalAsync(run)).Text("id");
        await _server.DisposeAsync();
        _slack.Answer = static _ => 204;
        await StartAsync();
        var asked = await Eventually.SomeAsync(() => Task.FromResult(_slack.Received.LastOrDefault(static one => one.Body.Contains("troupe_approve", StringComparison.Ordinal))));
        Assert.Equal("U2", asked.Json.Text("channel"));
        Assert.Contains(gate, asked.Body, StringComparison.Ordinal);

        await PressAsync("U1", gate);
        Assert.Equal(run, (await Api.PendingApprovalAsync(run)).Text("workflow_id"));
        await PressAsync("U2", gate);

        await Api.CompleteAsync(run);
        await Eventually.SomeAsync(() => Task.FromResult(_slack.Received.FirstOrDefault(static one => one.Body.Contains("approved by bob", StringComparison.Ordinal))));
        Assert.DoesNotContain(Secret, _server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("xoxb-token", _server.Log, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D5_Button_AnsweredAfterAKill_DecidesOnceAndIsAnsweredOnce()
    {
        var (run, gate) = await AskAsync();
        _slack.Answer = static request => request.Body.Contains("ephemeral", StringComparison.Ordinal) ? 503 : 204;
        await PressAsync("U2", gate);
        await Api.CompleteAsync(run);
        await Eventually.SomeAsync(() => Task.FromResult(Late("approved by bob").FirstOrDefault()));

        await _server.DisposeAsync();
        var before = Late("approved by bob").Count;
        _slack.Answer = static _ => 204;
        await StartAsync();

        await Eventually.SomeAsync(() => Task.FromResult(Late("approved by bob").Skip(before).FirstOrDefault()));
        var reply = await Eventually.ValueAsync(async () => (await RepliesAsync()) is [var only] && only.Status() == "delivered" ? only : null);
        Assert.Single(reply.Items("attempts"), static made => made.Has("response_status") && made.GetProperty("response_status").GetInt32() == 204);
        Assert.Single(await Api.EventsAsync(run), static one => one.Type == "approval.decided");
        Assert.DoesNotContain("late/1", (await Api.GetAsync("webhook-deliveries")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("late/1", (await Api.GetAsync("durable/instances?showInput=true")).Text, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D5_TwoButtonsAtOneInstant_DecideOnceAndTellTheOther()
    {
        var (run, gate) = await AskAsync();

        await Task.WhenAll(PressAsync("U2", gate), PressAsync("U3", gate, "troupe_reject"));

        var told = await Eventually.SomeAsync(() => Task.FromResult(Late("") is [var one, var two] ? (one.Body, two.Body).ToTuple() : null));
        var status = (await Api.GetAsync($"approvals/{gate}")).Json;
        var winner = status.Text("closed_by");
        Assert.Single(status.Items("decisions"));
        Assert.Single(new[] { told.Item1, told.Item2 }, body => body.Contains($"is closed: {winner} {status.Status()} it", StringComparison.Ordinal));
        Assert.Single(new[] { told.Item1, told.Item2 }, body => body.Contains($"was {status.Status()} by {winner}", StringComparison.Ordinal));
        Assert.Equal(winner == "bob" ? "completed" : "failed", (await Api.FinishAsync(run)).Status());
    }

    [EmbeddedFact]
    public async Task D5_EveryRequest_IsAnsweredWithinSlacksThreeSeconds()
    {
        foreach (var text in (string[])["help", "status", "run review-pr diff=x", "approvals"])
        {
            var seconds = await Figure.BestAsync(
                async () =>
                {
                    var (body, stamp) = (Command("U1", text), Now());
                    var watch = Stopwatch.StartNew();
                    (await SendAsync("commands", body, stamp, Sign(body, stamp))).Expect(HttpStatusCode.OK);
                    return watch.Elapsed.TotalSeconds;
                },
                3);
            Assert.True(seconds < 3, $"'{text}' took {seconds} s.");
        }
    }

    private async Task<(string Run, string Gate)> AskAsync()
    {
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "instant", prompt = "x", gate = new { approval = new { title = "Go on?", approvers = new[] { "bob", "eve" } } } });
        return (run, (await Api.PendingApprovalAsync(run)).Text("id"));
    }

    /// <summary>What was sent to response_urls.</summary>
    private List<WebhookRequest> Late(string text) =>
        [.. _slack.Received.Where(one => one.Body.Contains("\"response_type\":\"ephemeral\"", StringComparison.Ordinal) && one.Body.Contains(text, StringComparison.Ordinal))];

    private async Task<IReadOnlyList<JsonElement>> RepliesAsync() =>
        [.. (await Api.GetAsync("webhook-deliveries")).Expect(HttpStatusCode.OK).Json.Items().Where(static one => one.Text("type") == "slack.reply")];

    private async Task PressAsync(string member, string gate, string action = "troupe_approve")
    {
        var payload = JsonSerializer.Serialize(new
        {
            type = "block_actions",
            user = new { id = member },
            response_url = $"{_slack.Addresses[0]}late/1",
            actions = new[] { new { action_id = action, value = gate } },
        });
        var body = $"payload={Uri.EscapeDataString(payload)}";
        (await SendAsync("interactions", body, Now(), Sign(body, Now()))).Expect(HttpStatusCode.OK);
    }

    private static string Command(string member, string text) =>
        $"team_id=T1&user_id={member}&trigger_id={Guid.NewGuid():n}&command=%2Ftroupe&text={Uri.EscapeDataString(text)}&response_url=https%3A%2F%2Fhooks.slack.com%2Fx";

    private Task<Answer> SendAsync(string route, string body, string stamp, string signature) => Api.SendAsync(
        HttpMethod.Post,
        $"slack/{route}",
        new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"),
        ("X-Slack-Request-Timestamp", stamp),
        ("X-Slack-Signature", signature));

    private static string Sign(string body, string stamp) =>
        $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"v0:{stamp}:{body}")))}";

    private static string Now(int seconds = 0) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private async Task StartAsync()
    {
        _server = await ServerProcess.StartAsync(_data.Path, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Troupe__Outgoing__AllowNetworks__0"] = "127.0.0.1",
            ["Troupe__Webhooks__MaxRetries"] = "8",
            ["Troupe__Slack__SigningSecret"] = Secret,
            ["Troupe__Slack__BotToken"] = "xoxb-token",
            ["Troupe__Slack__ApiUrl"] = $"{_slack.Addresses[0]}api/",
            ["Troupe__Slack__ResponseUrl"] = $"{_slack.Addresses[0]}late/",
            ["Troupe__Slack__Users__U1__User"] = "ada",
            ["Troupe__Slack__Users__U1__Roles__0"] = "operator",
            ["Troupe__Slack__Users__U2__User"] = "bob",
            ["Troupe__Slack__Users__U2__Roles__0"] = "approver",
            ["Troupe__Slack__Users__U3__User"] = "eve",
            ["Troupe__Slack__Users__U3__Roles__0"] = "approver",
        });
        Api = new Api(_server.Address);
    }
}
