using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Slack;
using Troupe.Durable;
using Troupe.Integrations.Slack;
using Troupe.Integrations.Tests.Support;
using Troupe.Testing;

namespace Troupe.Integrations.Tests.Slack;

/// <summary>Work of Slack's that cannot be written down: Slack hears of the failure, nothing is done by half, and what it sends again is done once.</summary>
public sealed class FailedAcceptTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-slack-").FullName;
    private string? _broken;
    private Receiver _slack = null!;
    private EmbeddedHost _host = null!;
    private SlackApp _app = null!;

    public static TheoryData<string> Writes => new(nameof(ISettingStore.TryAddAsync), nameof(IDeliveryStore.CreateIfAbsentAsync));

    public async Task InitializeAsync()
    {
        _slack = await SlackHost.SlackAsync();
        _host = await SlackHost.StartAsync(_folder, _slack);
        _app = _host.Make<SlackApp>(_host.Make<SlackReplies>(Port<ISettingStore>(), _host.Make<DeliveryOutbox>(Port<IDeliveryStore>(), Port<IOrchestrationClient>())));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Button_NotWrittenDown_DecidesNothing_AndPressedAgainDecidesOnce(string broken)
    {
        await _host.Get<SlackWorker>().DoAsync(SlackHost.Command(_slack, "run gated"), default);
        var gate = await _host.GateAsync();
        _broken = broken;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PressAsync(gate, "first"));

        Assert.Equal((GateStatus.Pending, 0), ((await GateAsync(gate)).Status, (await DeliveriesAsync()).Count));
        _broken = null;
        Assert.Equal(SlackOutcome.Answered, (await PressAsync(gate, "second")).Outcome);
        await EndAsync();
        var decided = await GateAsync(gate);
        Assert.Equal((GateStatus.Approved, "bob"), (decided.Status, Assert.Single(decided.Decisions).User));
        Assert.Contains("was approved by bob", Assert.Single(_slack.All).Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Mention_NotWrittenDown_LaunchesNothing_AndSentAgainLaunchesOnce(string broken)
    {
        _broken = broken;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _app.MentionAsync("run greet name=x"));
        Assert.Equal((0, 0), ((await RunsAsync()).Count, (await DeliveriesAsync()).Count));

        _broken = null;
        Assert.Equal(SlackOutcome.Answered, (await _app.MentionAsync("run greet name=x", 2)).Outcome);
        await EndAsync();
        await _app.MentionAsync("run greet name=x", 3);

        Assert.Contains(Assert.Single(await RunsAsync()).Id, Assert.Single(_slack.All).Body, StringComparison.Ordinal);
    }

    /// <summary>From its row on it is taken, whether or not Slack hears of it.</summary>
    [Fact]
    public async Task Mention_WrittenDownButNotStarted_IsStartedByTheKeeper_AndSentAgainLaunchesOnce()
    {
        _broken = nameof(IOrchestrationClient.ScheduleNewOrchestrationInstanceAsync);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _app.MentionAsync("run greet name=x"));
        Assert.Equal(DeliveryStatus.Pending, Assert.Single(await DeliveriesAsync()).Status);

        await _host.Get<KeeperRounds>().NextAsync(default);
        await EndAsync();
        _broken = null;
        await _app.MentionAsync("run greet name=x", 2);

        Assert.Contains(Assert.Single(await RunsAsync()).Id, Assert.Single(_slack.All).Body, StringComparison.Ordinal);
    }

    /// <summary>The host's own, which fails where the test says so.</summary>
    private T Port<T>()
        where T : class => Watched<T>.Of(_host.Get<T>(), member =>
        {
            if (member == _broken)
                throw new StoreUnavailableException("The disk is full.");
        });

    private Task<SlackAnswer> PressAsync(GateRecord gate, string trigger) =>
        _app.PressAsync("U2", SlackInteractions.Approve, gate.Id, new Uri(_slack.Url, "/late/x"), trigger);

    private async Task<GateRecord> GateAsync(GateRecord gate) => (await _host.Get<IGateStore>().GetAsync(gate.Id, default))!;

    private async Task<IReadOnlyList<RunRecord>> RunsAsync() => (await _host.Get<IRunStore>().ListRunsAsync(new RunQuery(), default)).Items;

    private async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync() =>
        (await _host.Deliveries.ListAsync(new DeliveryQuery { RunId = SlackReplies.RunId }, default)).Items;

    private async Task EndAsync() => Assert.Equal(DeliveryStatus.Delivered, (await _host.EndAsync(Assert.Single(await DeliveriesAsync()).Id)).Status);
}
