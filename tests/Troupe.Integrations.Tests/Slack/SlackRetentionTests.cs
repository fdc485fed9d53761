using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Integrations.Slack;
using Troupe.Integrations.Tests.Support;

namespace Troupe.Integrations.Tests.Slack;

/// <summary>What the keeper's full pass, of which a host's first round is one, forgets of Slack's work.</summary>
public sealed class SlackRetentionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-slack-").FullName;
    private int _status = 200;
    private Receiver _slack = null!;
    private EmbeddedHost _host = null!;

    public async Task InitializeAsync()
    {
        _slack = await Receiver.StartAsync(_ => _status);
        _host = await SlackHost.StartAsync(_folder, _slack);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Pass_OldWorkThatIsOnItsWay_IsKeptAndDone()
    {
        var tried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var agents = (EchoAgents)_host.Get<IWorkflowCatalog>();
        agents.Lookup = () => tried.Task;
        var old = Command("run greet name=x", "slack:old") with { At = TimeProvider.System.GetUtcNow().AddHours(-2) };
        await AcceptAsync(old);
        await _host.EndAsync(await AcceptAsync(Command("help", "slack:new")));

        await PassAsync();

        agents.Lookup = static () => Task.CompletedTask;
        tried.SetException(new InvalidOperationException("the first try fails"));
        var ended = await _host.EndAsync(old.ToId());
        Assert.Equal((DeliveryStatus.Delivered, 2), (ended.Status, ended.Attempts.Count));
        var run = Assert.Single((await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items);
        Assert.Single(_slack.All, told => told.Body.Contains(run.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pass_AnsweredWork_IsForgotten()
    {
        await _host.EndAsync(await AcceptAsync(Command("help", "slack:new")));
        Assert.Single(await RowsAsync());
        await PassAsync();
        Assert.Empty(await RowsAsync());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-61, 0)]
    public async Task Pass_WorkThatWasGivenUp_IsForgottenAfterItsLife(int minutes, int kept)
    {
        _status = 404;
        var ended = await _host.EndAsync(await AcceptAsync(Command("help", "slack:new") with { At = TimeProvider.System.GetUtcNow().AddMinutes(minutes) }));
        Assert.Equal((DeliveryStatus.Dead, 1), (ended.Status, ended.Attempts.Count));

        await PassAsync();

        Assert.Equal(kept, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Redelivery_OfWorkThatWasGivenUp_AnswersIt_AndOfForgottenWorkSaysSo()
    {
        _status = 404;
        var id = await AcceptAsync(Command("help", "slack:new"));
        await _host.EndAsync(id);
        _status = 200;
        await _host.Get<DeliveryOutbox>().RedeliverAsync(id, default);
        Assert.Equal(DeliveryStatus.Delivered, (await _host.EndAsync(id, 2)).Status);
        Assert.Equal(2, _slack.All.Count);

        await PassAsync();
        await _host.Get<DeliveryOutbox>().RedeliverAsync(id, default);
        var last = await _host.EndAsync(id, 3);

        Assert.Equal((DeliveryStatus.Dead, "What it was to answer is forgotten."), (last.Status, last.Attempts[^1].Failure!.Message));
        Assert.Equal(2, _slack.All.Count);
    }

    [Fact]
    public async Task SendAsync_RowIsGone_IsNoSuccess()
    {
        var id = await AcceptAsync(Command("help", "slack:new"));
        var ended = await _host.EndAsync(id);
        await PassAsync();
        Assert.Equal("What it was to answer is forgotten.", (await _host.Get<SlackReplies>().SendAsync(ended, default)).Failure!.Message);
    }

    private SlackWork Command(string text, string key) => SlackHost.Command(_slack, text, key);

    private async Task<string> AcceptAsync(SlackWork work)
    {
        await _host.Get<SlackReplies>().AcceptAsync(work, default);
        return work.ToId();
    }

    private Task PassAsync() => _host.Get<KeeperRounds>().NextAsync(default);

    private Task<IReadOnlyList<Setting>> RowsAsync() => _host.Get<ISettingStore>().ListAsync(SlackReplies.Kind, default);
}
