using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Integrations.Slack;
using Troupe.Integrations.Tests.Support;
using Troupe.Testing;

namespace Troupe.Integrations.Tests.Slack;

/// <summary>Answers that come too late for Slack's request: written down, done, and sent by a delivery.</summary>
public sealed class LateAnswersTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-late-").FullName;
    private readonly ManualTimeProvider _time = new();
    private Receiver _slack = null!;
    private EmbeddedHost _host = null!;
    private LateAnswers _late = null!;
    private Func<int, int> _status = static _ => 200;

    public async Task InitializeAsync()
    {
        _slack = await Receiver.StartAsync(number => _status(number));
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ReplyAsync_InTime_IsTheAnswerItself()
    {
        Assert.Contains("launches a workflow", (await _late.ReplyAsync(Command("help"))).Text, StringComparison.Ordinal);
        Assert.Empty((await _host.Deliveries.ListAsync(new DeliveryQuery(), default)).Items);
    }

    [Fact]
    public async Task ReplyAsync_TooLate_IsDoneOnceAndAnsweredAfterARestart()
    {
        var found = Hold();
        var reply = _late.ReplyAsync(Command("run greet name=x"));
        _time.Advance(LateAnswers.Patience);
        Assert.StartsWith("Working on it", (await reply).Text, StringComparison.Ordinal);
        var delivery = await OnlyAsync();
        Assert.Equal((SlackReplies.RunId, "slack-reply", "slack:U1"), (delivery.RunId, delivery.Channel!, delivery.Url.AbsoluteUri));

        await _host.DisposeAsync();
        found.SetResult();
        await StartAsync();

        Assert.Equal(DeliveryStatus.Delivered, (await _host.EndAsync(delivery.Id)).Status);
        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        var told = Assert.Single(_slack.All);
        Assert.Equal("/late/x", told.Path);
        Assert.Contains(run.Id, JsonElement.Parse(told.Body).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(await _host.Get<ISettingStore>().ListAsync("slack-work", default));
    }

    [Fact]
    public async Task ReplyAsync_Broken_TellsNothingOfTheFailure()
    {
        Agents.Lookup = static () => throw new InvalidOperationException("secret");
        Assert.Equal("That failed. The server's log says more.", (await _late.ReplyAsync(Command("run greet name=x"))).Text);
    }

    [Fact]
    public async Task Delivery_SlackIsDown_IsRetriedAndDecidesOnce()
    {
        _status = static number => number < 3 ? 503 : 200;
        await _host.Get<SlackReplies>().AcceptAsync(Command("run greet name=x"), default);

        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Equal((DeliveryStatus.Delivered, 3), (ended.Status, ended.Attempts.Count));
        Assert.Equal([503, 503, 200], ended.Attempts.Select(static made => made.ResponseStatus!.Value));
        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        Assert.All(_slack.All, told => Assert.Contains(run.Id, told.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delivery_DoneAgainAfterItsAnswer_SendsNothing()
    {
        var work = Command("help");
        await _host.Get<SlackReplies>().AcceptAsync(work, default);
        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Null((await _host.Get<SlackReplies>().SendAsync(ended, default)).Failure);
        Assert.NotNull((await _host.Get<SlackReplies>().SendAsync(ended with { Round = 2 }, default)).Failure);
        await _host.Get<SlackReplies>().AcceptAsync(work, default);

        Assert.Single(_slack.All);
        Assert.Equal(DeliveryStatus.Delivered, (await OnlyAsync()).Status);
    }

    [Fact]
    public async Task Delivery_WorkThatKeepsFailing_IsAnsweredWithARegret()
    {
        Agents.Lookup = static () => throw new InvalidOperationException("secret");
        await _host.Get<SlackReplies>().AcceptAsync(Command("run greet name=x"), default);

        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Equal((DeliveryStatus.Delivered, 3), (ended.Status, ended.Attempts.Count));
        Assert.Contains("That failed.", Assert.Single(_slack.All).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(ended.Attempts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_AddressThatHasExpired_IsGivenUpAndForgotten()
    {
        _status = static _ => 404;
        await _host.Get<ISettingStore>().TryAddAsync("slack-work", "old", JsonSerializer.Serialize(Command("help") with { At = DateTimeOffset.UnixEpoch }, Core.Json.TroupeJson.Options), default);
        await _host.Get<SlackReplies>().AcceptAsync(Command("help"), default);

        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Equal((DeliveryStatus.Dead, 1), (ended.Status, ended.Attempts.Count));
        Assert.Empty(await _host.Get<ISettingStore>().ListAsync("slack-work", default));
    }

    private EchoAgents Agents => (EchoAgents)_host.Get<IWorkflowCatalog>();

    private TaskCompletionSource Hold()
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Agents.Lookup = () => found.Task;
        return found;
    }

    private async Task<DeliveryRecord> OnlyAsync() => Assert.Single((await _host.Deliveries.ListAsync(new DeliveryQuery { RunId = SlackReplies.RunId }, default)).Items);

    private SlackWork Command(string text) => new()
    {
        Kind = SlackWorkKind.Command,
        Member = "U1",
        Text = text,
        Key = "slack:t1",
        ResponseUrl = new Uri(_slack.Url, "/late/x"),
        At = TimeProvider.System.GetUtcNow(),
    };

    private async Task StartAsync()
    {
        _host = await EmbeddedHost.StartAsync(_folder, "whsec_" + Convert.ToBase64String(new byte[32]), new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Troupe:Slack:SigningSecret"] = "a signing secret of tests",
            ["Troupe:Slack:ResponseUrl"] = new Uri(_slack.Url, "/late/").ToString(),
            ["Troupe:Slack:Users:U1:User"] = "ada",
            ["Troupe:Slack:Users:U1:Roles:0"] = "operator",
        });
        _late = new LateAnswers(_host.Get<SlackWorker>(), _host.Get<SlackReplies>(), _time, NullLogger<LateAnswers>.Instance);
    }
}
