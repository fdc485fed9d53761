using System.Globalization;
using Troupe.Core.Stores;

namespace Troupe.Core.Tests.Stores;

public sealed class AppendSignalsTests
{
    private readonly AppendSignals _signals = new();

    [Fact]
    public async Task WaitAsync_OtherRunIsPublished_WaitsOn()
    {
        var waiting = _signals.WaitAsync("a", default);

        _signals.Publish("b");

        Assert.False(waiting.IsCompleted);
        _signals.Publish("a");
        await waiting;
    }

    [Fact]
    public async Task WaitAsync_AfterAPublication_WaitsForTheNext()
    {
        await PublishAndWaitAsync();

        var next = _signals.WaitAsync("a", default);

        Assert.False(next.IsCompleted);
        _signals.Publish("a");
        await next;
    }

    [Fact]
    public async Task WaitAsync_ThousandsOfSubscribersCancelled_LeavesNothingBehind()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 5_000)
            .Select(n => _signals.WaitAsync(n % 10 == 0 ? null : (n % 500).ToString(CultureInfo.InvariantCulture), cancellation.Token)).ToList();
        Assert.InRange(_signals.Count, 1, 501);

        await cancellation.CancelAsync();

        foreach (var task in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.Equal(0, _signals.Count);
    }

    [Fact]
    public async Task WaitAsync_OneOfTwoCancelled_TheOtherStillWakes()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _signals.WaitAsync("a", cancellation.Token);
        var staying = _signals.WaitAsync("a", default);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        _signals.Publish("a");

        await staying;
        Assert.Equal(0, _signals.Count);
    }

    [Fact]
    public void Publish_NobodyWaits_CostsNoEntry()
    {
        _signals.Publish("a");

        Assert.Equal(0, _signals.Count);
    }

    private async Task PublishAndWaitAsync()
    {
        var waiting = _signals.WaitAsync("a", default);
        _signals.Publish("a");
        await waiting;
    }
}
