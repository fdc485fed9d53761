using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Hosting;
using Troupe.Core.Records;
using Troupe.Core.Tests.Support;
using Troupe.Testing;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Deliveries;

/// <summary>The list that each event is held against: read seldom, and yet never without a change of this process.</summary>
public sealed class WebhookSubscriptionsTests
{
    private static readonly SubscriptionFields Fields = new(new Uri("https://example.com/hook"), null, ["*"], null, null, null);

    private readonly ManualTimeProvider _time = new();
    private readonly ISettingStore _settings;
    private readonly WebhookSubscriptions _subscriptions;
    private int _reads;

    public WebhookSubscriptionsTests()
    {
        _settings = new InMemoryStores(_time).Settings;
        _subscriptions = Over(Watched<ISettingStore>.Of(_settings, member => _reads += member == nameof(ISettingStore.ListAsync) ? 1 : 0));
    }

    [Fact]
    public async Task Known_AskedOften_IsReadEveryTwoSeconds()
    {
        await _subscriptions.KnownAsync(default);
        await _subscriptions.KnownAsync(default);
        Assert.Equal(1, _reads);
        await Over(_settings).AddAsync(Fields, null, RunHarness.Ann, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await _subscriptions.KnownAsync(default));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await _subscriptions.KnownAsync(default));
    }

    [Fact]
    public async Task Known_ChangedByThisProcess_IsReadAgainAtOnce()
    {
        Assert.Empty(await _subscriptions.KnownAsync(default));
        var added = await _subscriptions.AddAsync(Fields, null, RunHarness.Ann, default);
        Assert.True(Assert.Single(await _subscriptions.KnownAsync(default)).Enabled);
        await _subscriptions.ChangeAsync(added!.Id, Fields with { Enabled = false }, default);
        Assert.False(Assert.Single(await _subscriptions.KnownAsync(default)).Enabled);

        await _subscriptions.DeleteAsync(added.Id, default);

        Assert.Empty(await _subscriptions.KnownAsync(default));
    }

    [Fact]
    public async Task Known_ChangedWhileItWasRead_IsNotKept()
    {
        var slow = new SlowList(_settings);
        var subscriptions = Over(slow);
        slow.AfterRead = async () =>
        {
            slow.AfterRead = null;
            await subscriptions.AddAsync(Fields, null, RunHarness.Ann, default);
        };

        Assert.Empty(await subscriptions.KnownAsync(default));

        Assert.Single(await subscriptions.KnownAsync(default));
    }

    [Fact]
    public async Task Add_WithAnotherProcess_IsAnsweredOnceThatOneKnowsIt()
    {
        var there = Over(_settings);
        Assert.Empty(await there.KnownAsync(default));
        var here = new WebhookSubscriptions(_settings, Options.Create(new WebhookOptions()), _time, new PeerProcesses(_time));

        var adding = here.AddAsync(Fields, null, RunHarness.Ann, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await there.KnownAsync(default));
        Assert.False(adding.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull(await adding);
        Assert.Single(await there.KnownAsync(default));
    }

    private WebhookSubscriptions Over(ISettingStore settings) => new(settings, Options.Create(new WebhookOptions()), _time);

    /// <summary>Lets something happen between the reading of a list and its return.</summary>
    private sealed class SlowList(ISettingStore inner) : ISettingStore
    {
        public Func<Task>? AfterRead { get; set; }

        public async Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken)
        {
            var list = await inner.ListAsync(kind, cancellationToken);
            if (AfterRead is { } after) await after();
            return list;
        }

        public Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken) =>
            inner.TryAddAsync(kind, id, json, cancellationToken);

        public Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken) => inner.GetAsync(kind, id, cancellationToken);

        public Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken) =>
            inner.TryReplaceAsync(read, json, cancellationToken);

        public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken) => inner.DeleteAsync(kind, id, cancellationToken);
    }
}
