using System.Net;
using System.Text;
using System.Text.Json;
using Troupe.Core.Records;
using Troupe.Core.Slack;
using Troupe.Integrations.Slack;
using Troupe.Integrations.Tests.Support;

namespace Troupe.Integrations.Tests.Slack;

/// <summary>Requests with real signatures, the real domain behind them, and a Slack on the loopback address.</summary>
public sealed class SlackAppTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-slack-").FullName;
    private Receiver _slack = null!;
    private EmbeddedHost _host = null!;
    private int _number;

    public async Task InitializeAsync()
    {
        _slack = await SlackHost.SlackAsync();
        _host = await SlackHost.StartAsync(
            _folder,
            _slack,
            new("Troupe:Slack:TeamId", "T1"),
            new("Troupe:Slack:Users:U3:User", "eve"),
            new("Troupe:Slack:Users:U3:Roles:0", "reader"));
    }

    private ISlackApp App => _host.Get<ISlackApp>();

    private Uri LateUrl => new(_slack.Url, "/late/x");

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_Operator_LaunchesWithInputsOnce()
    {
        var first = await SayAsync("U1", "run greet name=\"A & B\" times:=2", trigger: "t1");
        await SayAsync("U1", "run greet name=\"A & B\" times:=2", trigger: "t1");

        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Contains(run.Id, first, StringComparison.Ordinal);
        Assert.Equal(("ada", "greet"), (run.User, run.Name));
        Assert.Equal("""{"name":"A & B","times":2}""", run.Inputs.Text);
        Assert.Contains(run.Id, await SayAsync("U1", "status"), StringComparison.Ordinal);
        Assert.Contains("greet", await SayAsync("U1", $"status {run.Id}"), StringComparison.Ordinal);
        Assert.Contains("There is no run", await SayAsync("U3", $"status {run.Id}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("U3", "run greet name=x", "needs the role operator")]
    [InlineData("U1", "approvals", "needs the role approver")]
    [InlineData("U9", "run greet name=x", "You are nobody here")]
    [InlineData("U1", "run greet name", "Expected name=value")]
    [InlineData("U1", "run greet times:=nonsense", "Expected name=value")]
    [InlineData("U1", "run <!channel>", "Not launched")]
    [InlineData("U1", "help", "launches a workflow")]
    [InlineData("U1", "drop tables", "launches a workflow")]
    public async Task Command_NotPossible_SaysSoAndLaunchesNothing(string member, string text, string expected)
    {
        var answer = await SayAsync(member, text);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.DoesNotContain("<!channel>", answer, StringComparison.Ordinal);
        Assert.Empty((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
    }

    [Fact]
    public async Task Command_OtherWorkspace_IsNobody() => Assert.Contains("nobody", await SayAsync("U1", "status", team: "T2"), StringComparison.Ordinal);

    [Fact]
    public async Task Buttons_Approver_DecidesAndOthersDoNot()
    {
        await SayAsync("U1", "run gated");
        var gate = await _host.GateAsync();
        Assert.Contains(gate.Id, await SayAsync("U2", "approvals"), StringComparison.Ordinal);

        await PressAsync("U1", SlackInteractions.Approve, gate.Id);
        await PressAsync("U9", SlackInteractions.Approve, gate.Id);
        await _slack.UntilAsync(2);
        Assert.Equal(GateStatus.Pending, (await _host.Get<IGateStore>().GetAsync(gate.Id, default))!.Status);
        await PressAsync("U2", SlackInteractions.Approve, gate.Id);
        await _slack.UntilAsync(3);

        var decided = (await _host.Get<IGateStore>().GetAsync(gate.Id, default))!;
        Assert.Equal((GateStatus.Approved, "bob"), (decided.Status, decided.ClosedBy));
        Assert.Contains("approved by bob", _slack.All[^1].Body, StringComparison.Ordinal);
        Assert.All(_slack.All, static received => Assert.Equal("/late/x", received.Path));
    }

    [Fact]
    public async Task Buttons_ForeignResponseUrl_GetsNothing()
    {
        await SayAsync("U1", "run gated");
        var gate = await _host.GateAsync();
        await PressAsync("U2", SlackInteractions.Reject, gate.Id, new Uri(_slack.Url, "/elsewhere"));
        await PressAsync("U2", SlackInteractions.Reject, gate.Id);
        await _slack.UntilAsync(1);
        Assert.Equal("/late/x", Assert.Single(_slack.All).Path);
        Assert.Equal(GateStatus.Rejected, (await _host.Get<IGateStore>().GetAsync(gate.Id, default))!.Status);
    }

    [Fact]
    public async Task Mention_IsAnsweredForItsWriterAlone()
    {
        var answer = await App.MentionAsync("run greet name=x");
        Assert.Equal((SlackOutcome.Answered, null), (answer.Outcome, answer.Body));
        await _slack.UntilAsync(1);

        var told = Assert.Single(_slack.All);
        Assert.Equal(("/api/chat.postEphemeral", "Bearer xoxb-token"), (told.Path, told.Headers["Authorization"]));
        var body = JsonElement.Parse(told.Body);
        Assert.Equal(("C1", "U1"), (body.GetProperty("channel").GetString(), body.GetProperty("user").GetString()));
        Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
    }

    [Fact]
    public async Task UrlVerification_AnswersTheChallenge() => Assert.Equal(
        "abc", (await App.SendAsync(SlackRequestKind.Event, """{"type":"url_verification","challenge":"abc"}""")).Body!.Value.GetProperty("challenge").GetString());

    [Theory]
    [InlineData(SlackRequestKind.Event, "not json")]
    [InlineData(SlackRequestKind.Event, """{"type":"url_verification"}""")]
    [InlineData(SlackRequestKind.Interaction, "payload=%7B")]
    [InlineData(SlackRequestKind.Interaction, "x=1")]
    [InlineData(SlackRequestKind.Command, "user_id=U1&user_id=U2&trigger_id=t")]
    public async Task Malformed_IsRefused(SlackRequestKind kind, string body) => Assert.Equal(SlackOutcome.Malformed, (await App.SendAsync(kind, body)).Outcome);

    [Fact]
    public async Task Unsigned_DoesNothing()
    {
        var request = new SlackRequest(SlackRequestKind.Command, Encoding.UTF8.GetBytes("user_id=U1&team_id=T1&trigger_id=t&text=run+greet"), "1", "v0=" + new string('0', 64));
        Assert.Equal(SlackOutcome.NotSigned, (await App.AnswerAsync(request, default)).Outcome);
        Assert.Empty((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
    }

    [Fact]
    public async Task Approval_ArrivesAsAMessageWithButtons()
    {
        await SayAsync("U1", "run gated");
        var gate = await _host.GateAsync();
        await _host.Get<Core.Following.EventFollower>().CatchUpAsync(default);
        await _slack.UntilAsync(1);

        var told = _slack.All.Single(static one => one.Body.Contains(SlackInteractions.Reject, StringComparison.Ordinal));
        Assert.Equal("/api/chat.postMessage", told.Path);
        Assert.Equal("U2", JsonElement.Parse(told.Body).GetProperty("channel").GetString());
        Assert.Contains(gate.Id, told.Body, StringComparison.Ordinal);
        Assert.Contains("Go &lt;on&gt;?", told.Body, StringComparison.Ordinal);
    }

    private async Task<string> SayAsync(string member, string text, string? trigger = null, string team = "T1")
    {
        trigger ??= $"trigger-{_number}";
        var answer = await App.SendAsync(
            SlackRequestKind.Command,
            $"team_id={team}&user_id={member}&trigger_id={trigger}&text={WebUtility.UrlEncode(text.Replace("&", "&amp;", StringComparison.Ordinal))}&response_url={WebUtility.UrlEncode(LateUrl.ToString())}&n={_number++}");
        Assert.Equal(SlackOutcome.Answered, answer.Outcome);
        return answer.Body!.Value.GetRawText();
    }

    private async Task PressAsync(string member, string action, string gate, Uri? url = null) =>
        Assert.Equal(SlackOutcome.Answered, (await App.PressAsync(member, action, gate, url ?? LateUrl, $"trigger-{_number++}")).Outcome);
}
