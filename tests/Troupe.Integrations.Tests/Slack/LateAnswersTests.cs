using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Durable;
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
        Assert.DoesNotContain("late/x", Assert.Single(await _host.Get<ISettingStore>().ListAsync(SlackReplies.Kind, default)).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplyAsync_Broken_TellsNothingOfTheFailure()
    {
        Agents.Lookup = static () => throw new InvalidOperationException("secret");
        Assert.Equal("That failed. The server's log says more.", (await _late.ReplyAsync(Command("run greet name=x"))).Text);
    }

    [Fact]
    public async Task ReplyAsync_WritingItDownTakesTooLong_SaysThatItMayStillBeDone_AndItIs()
    {
        var found = Hold();
        var settings = new HeldSettings(_host.Get<ISettingStore>());
        var reply = Late(settings).ReplyAsync(Command("run greet name=x"));
        _time.Advance(LateAnswers.Patience);
        await TimerAsync();
        _time.Advance(LateAnswers.Grace);
        Assert.Contains("It may still be done: try again only if no answer comes", (await reply).Text, StringComparison.Ordinal);

        settings.Let();
        found.SetResult();
        await _slack.UntilAsync(1);

        Assert.Equal(DeliveryStatus.Delivered, (await _host.EndAsync((await OnlyAsync()).Id)).Status);
        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Contains(run.Id, Assert.Single(_slack.All).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplyAsync_WritingItDownFails_DoesNotSayThatNothingWasDone()
    {
        Hold();
        var settings = new HeldSettings(_host.Get<ISettingStore>());
        settings.Break();
        var reply = Late(settings).ReplyAsync(Command("run greet name=x"));
        _time.Advance(LateAnswers.Patience);
        Assert.Contains("It may still be done", (await reply).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_SlackIsDown_IsRetriedAndDecidesOnce()
    {
        await _host.Get<SlackWorker>().DoAsync(Command("run gated"), default);
        var gate = await _host.GateAsync();
        _status = static number => number < 3 ? 503 : 200;
        await _host.Get<SlackReplies>().AcceptAsync(Command("") with { Kind = SlackWorkKind.Decision, Member = "U2", Gate = gate.Id, Approves = true }, default);

        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Equal([503, 503, 200], ended.Attempts.Select(static made => made.ResponseStatus!.Value));
        Assert.Equal(DeliveryStatus.Delivered, ended.Status);
        Assert.All(_slack.All, static told => Assert.Contains("was approved by bob", told.Body, StringComparison.Ordinal));
        var decided = (await _host.Get<IGateStore>().GetAsync(gate.Id, default))!;
        Assert.Equal((GateStatus.Approved, "bob", "bob"), (decided.Status, decided.ClosedBy, Assert.Single(decided.Decisions).User));
        Assert.Single(await _host.Get<IEventLog>().ReadAsync(gate.RunId, 0, 1_000, default), static told => told.Type == EventTypes.ApprovalDecided);
    }

    [Fact]
    public async Task Delivery_DiskTakesNoWrites_WaitsAndCountsAsNoTry()
    {
        var lookups = 0;
        Agents.Lookup = () => ++lookups <= 1 ? throw new StoreUnavailableException("The disk is full.") : Task.CompletedTask;
        await _host.Get<SlackReplies>().AcceptAsync(Command("run greet name=x"), default);

        var ended = await _host.EndAsync((await OnlyAsync()).Id);

        Assert.Equal((DeliveryStatus.Delivered, 1, 2), (ended.Status, ended.Attempts.Count, lookups));
        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Contains(run.Id, Assert.Single(_slack.All).Body, StringComparison.Ordinal);
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

    private EchoAgents Agents => (EchoAgents)_host.Get<IWorkflowCatalog>();

    private TaskCompletionSource Hold()
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Agents.Lookup = () => found.Task;
        return found;
    }

    private async Task<DeliveryRecord> OnlyAsync() => Assert.Single((await _host.Deliveries.ListAsync(new DeliveryQuery { RunId = SlackReplies.RunId }, default)).Items);

    private SlackWork Command(string text) => SlackHost.Command(_slack, text);

    private LateAnswers Late(ISettingStore settings) => new(
        _host.Get<SlackWorker>(),
        new SlackReplies(settings, _host.Get<DeliveryOutbox>(), _host.Get<SlackWorker>(), _host.Get<SlackClient>(), NullLogger<SlackReplies>.Instance),
        _time,
        NullLogger<LateAnswers>.Instance);

    private async Task TimerAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_time.ActiveTimers == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task StartAsync()
    {
        _host = await SlackHost.StartAsync(_folder, _slack);
        _late = new LateAnswers(_host.Get<SlackWorker>(), _host.Get<SlackReplies>(), _time, NullLogger<LateAnswers>.Instance);
    }
}
