using System.Text.RegularExpressions;

namespace Troupe.Acceptance.People;

/// <summary>Slack's commands, buttons and messages, also over kills of the server.</summary>
public sealed partial class D5_SlackTests : IAsyncLifetime
{
    private readonly SlackServer _slack = new();

    private Api Api => _slack.Api;

    public Task InitializeAsync() => _slack.StartAsync();

    public Task DisposeAsync() => _slack.DisposeAsync().AsTask();

    [ConfiguredFact]
    public async Task D5_SlashCommand_LaunchesWhatIsSigned()
    {
        var (body, stamp) = (_slack.Command("U1", "run review-pr diff=\"a b\""), SlackServer.Now());
        (await _slack.SendAsync("commands", body, stamp, "v0=" + new string('0', 64))).ExpectProblem(HttpStatusCode.Unauthorized);
        (await _slack.SendAsync("commands", body, SlackServer.Now(-301))).ExpectProblem(HttpStatusCode.Unauthorized);

        var launched = await RunOfAsync((await _slack.SendAsync("commands", body, stamp)).Expect(HttpStatusCode.OK));

        Assert.Equal("ada", (await Api.RunAsync(launched)).Text("user"));
        var again = await _slack.SendAsync("commands", body, stamp);
        if (TargetHost.Address is null || again.Status != HttpStatusCode.OK)
            again.ExpectProblem(HttpStatusCode.Unauthorized);
        else
            Assert.Equal(launched, await RunOfAsync(again)); // Another instance of an app has not seen it, and launches nothing again.
    }

    [ConfiguredFact]
    public async Task D5_ApprovalWithButtons_IsDecidedByWhomItNames()
    {
        var (run, gate) = await AskAsync();
        var asked = await Eventually.SomeAsync(() => Task.FromResult(_slack.Slack.Received.FirstOrDefault(
            one => one.Body.Contains("troupe_approve", StringComparison.Ordinal) && one.Body.Contains(gate, StringComparison.Ordinal))));
        Assert.Contains(asked.Json.Text("channel"), new[] { "U2", "U3" });

        await _slack.PressAsync("U1", gate);
        await ReplyAsync("");
        Assert.Equal(run, (await Api.PendingApprovalAsync(run)).Text("workflow_id"));
        await _slack.PressAsync("U2", gate);

        await ReplyAsync("approved by bob");
        await Api.CompleteAsync(run);
        Assert.Equal("bob", (await Api.GetAsync($"approvals/{gate}")).Json.Text("closed_by"));
    }

    [ConfiguredFact]
    public async Task D5_LateReply_ThatIsRefusedAtFirst_IsSentAgainAndToldOnce()
    {
        var (run, gate) = await AskAsync();
        _slack.Slack.Answer = _ => _slack.Replies.Count == 1 ? 503 : 204;

        await _slack.PressAsync("U2", gate);

        await Api.CompleteAsync(run);
        var sent = await Eventually.SomeAsync(() => Task.FromResult(_slack.Replies is { Count: > 1 } told ? told : null));
        Assert.Single(sent.Select(static one => one.Body).Distinct(StringComparer.Ordinal));
        Assert.Single(await Api.EventsAsync(run), static one => one.Type == "approval.decided");
        Assert.DoesNotContain(_slack.ResponseUrl.AbsolutePath, (await Api.GetAsync("webhook-deliveries")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_slack.ResponseUrl.AbsolutePath, (await Api.GetAsync("durable/instances?showInput=true")).Text, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D5_ApprovalWithButtons_ArrivesAfterAKill_AndIsDecided()
    {
        _slack.Slack.Answer = static _ => 503;
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "instant", prompt = "x", gate = new { approval = new { title = "Go on?", approvers = new[] { "bob" } } } });
        var gate = (await Api.PendingApprovalAsync(run)).Text("id");
        await _slack.Server.KillAsync();
        _slack.Slack.Answer = static _ => 204;
        await _slack.Server.StartAsync();
        var asked = await Eventually.SomeAsync(() => Task.FromResult(_slack.Slack.Received.LastOrDefault(static one => one.Body.Contains("troupe_approve", StringComparison.Ordinal))));
        Assert.Equal("U2", asked.Json.Text("channel"));
        Assert.Contains(gate, asked.Body, StringComparison.Ordinal);

        await _slack.PressAsync("U1", gate);
        Assert.Equal(run, (await Api.PendingApprovalAsync(run)).Text("workflow_id"));
        await _slack.PressAsync("U2", gate);

        await Api.CompleteAsync(run);
        await Eventually.SomeAsync(() => Task.FromResult(_slack.Slack.Received.FirstOrDefault(static one => one.Body.Contains("approved by bob", StringComparison.Ordinal))));
        Assert.DoesNotContain(SlackServer.Secret, _slack.Server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("xoxb-token", _slack.Server.Log, StringComparison.Ordinal);
    }

    [EmbeddedFact]
    public async Task D5_Button_AnsweredAfterAKill_DecidesOnceAndIsAnsweredOnce()
    {
        var (run, gate) = await AskAsync();
        _slack.Slack.Answer = static request => request.Body.Contains("ephemeral", StringComparison.Ordinal) ? 503 : 204;
        await _slack.PressAsync("U2", gate);
        await Api.CompleteAsync(run);
        await Eventually.SomeAsync(() => Task.FromResult(Late("approved by bob").FirstOrDefault()));

        await _slack.Server.KillAsync();
        var before = Late("approved by bob").Count;
        _slack.Slack.Answer = static _ => 204;
        await _slack.Server.StartAsync();

        await Eventually.SomeAsync(() => Task.FromResult(Late("approved by bob").Skip(before).FirstOrDefault()));
        var reply = await Eventually.ValueAsync(async () => (await RepliesAsync()) is [var only] && only.Status() == "delivered" ? only : null);
        Assert.Single(reply.Items("attempts"), static made => made.Has("response_status") && made.GetProperty("response_status").GetInt32() == 204);
        Assert.Single(await Api.EventsAsync(run), static one => one.Type == "approval.decided");
        Assert.DoesNotContain(_slack.ResponseUrl.AbsolutePath, (await Api.GetAsync("webhook-deliveries")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_slack.ResponseUrl.AbsolutePath, (await Api.GetAsync("durable/instances?showInput=true")).Text, StringComparison.Ordinal);
    }

    [ConfiguredFact]
    public async Task D5_TwoButtonsAtOneInstant_DecideOnceAndTellTheOther()
    {
        var (run, gate) = await AskAsync();

        await Task.WhenAll(_slack.PressAsync("U2", gate), _slack.PressAsync("U3", gate, "troupe_reject"));

        var told = await Eventually.SomeAsync(() => Task.FromResult(Late("") is [var one, var two] ? (one.Body, two.Body).ToTuple() : null));
        var status = (await Api.GetAsync($"approvals/{gate}")).Json;
        var winner = status.Text("closed_by");
        Assert.Single(status.Items("decisions"));
        Assert.Single(new[] { told.Item1, told.Item2 }, body => body.Contains($"is closed: {winner} {status.Status()} it", StringComparison.Ordinal));
        Assert.Single(new[] { told.Item1, told.Item2 }, body => body.Contains($"was {status.Status()} by {winner}", StringComparison.Ordinal));
        Assert.Equal(winner == "bob" ? "completed" : "failed", (await Api.FinishAsync(run)).Status());
    }

    private async Task<(string Run, string Gate)> AskAsync()
    {
        var run = await Api.LaunchTasksAsync(null, new { id = "t", agent = "instant", prompt = "x", gate = new { approval = new { title = "Go on?", approvers = new[] { "bob", "eve" } } } });
        return (run, (await Api.PendingApprovalAsync(run)).Text("id"));
    }

    /// <summary>What was sent to the response_url.</summary>
    private List<WebhookRequest> Late(string text) =>
        [.. _slack.Replies.Where(one => one.Body.Contains("\"response_type\":\"ephemeral\"", StringComparison.Ordinal) && one.Body.Contains(text, StringComparison.Ordinal))];

    private Task<WebhookRequest> ReplyAsync(string text) => Eventually.SomeAsync(() => Task.FromResult(Late(text).LastOrDefault()));

    /// <summary>The run that an answer names; where that comes too late for Slack, the reply that follows it.</summary>
    private async Task<string> RunOfAsync(Answer answer)
    {
        var said = answer.Json.Text("text");
        return Run().Match(Run().IsMatch(said) ? said : (await ReplyAsync("You are told")).Body) is { Success: true } found
            ? found.Value
            : throw new InvalidOperationException($"No run is named: {said}");
    }

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Run();

    private async Task<IReadOnlyList<JsonElement>> RepliesAsync() =>
        [.. (await Api.GetAsync("webhook-deliveries")).Expect(HttpStatusCode.OK).Json.Items().Where(static one => one.Text("type") == "slack.reply")];
}
