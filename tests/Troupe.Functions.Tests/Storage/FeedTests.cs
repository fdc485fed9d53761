using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Tables;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Writers that stop between their place in the feed and their events.</summary>
public sealed class FeedTests : StoreTest
{
    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task ReadAllAsync_EventsMayStillCome_StopsBeforeThem()
    {
        await AppendAsync("a", "first");
        var late = await ReserveAsync("b", "late");
        await AppendAsync("a", "second");

        Assert.Equal(["first"], await TypesAsync());
        Assert.Equal(1, await Other.Events.GetLastPositionAsync(default));

        Assert.True(await WriteAsync(late));
        Assert.Equal(["first", "late", "second"], await TypesAsync());
        Assert.Equal(3, await Other.Events.GetLastPositionAsync(default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAllAsync_WriterSilentForLong_GoesOnAndTheWriterFails(bool runHasEvents)
    {
        if (runHasEvents) await AppendAsync("b", "first");
        var late = await ReserveAsync("b", "late");
        await AppendAsync("a", "second");
        Time.Advance(LongSilence);

        Assert.Equal(runHasEvents ? ["first", "second"] : ["second"], await TypesAsync());
        Assert.False(await WriteAsync(late));

        await AppendAsync("b", "again");
        Assert.Equal("again", (await TypesAsync())[^1]);
        Assert.Equal(runHasEvents ? 2 : 1, (await One.Events.ReadAsync("b", 0, 10, default))[^1].Sequence);
    }

    [Fact]
    public async Task ReadAllAsync_PlaceLostToAnotherWriter_IsPassedOver()
    {
        await ReserveAsync("a", "late");
        await AppendAsync("a", "first");

        Assert.Equal(["first"], await TypesAsync());
        Assert.Equal(2, await Other.Events.GetLastPositionAsync(default));
    }

    [Fact]
    public async Task ReserveAsync_CancelledAlready_LeavesNoPlaceBehind()
    {
        var (rows, feed) = (One.Get<EventRows>(), One.Get<EventFeed>());
        var draft = await rows.DraftAsync("a", [SampleRecords.Event("late")], 1, isNew: false, default);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed.ReserveAsync("a", draft, new CancellationToken(canceled: true)));

        Assert.Empty(await feed.ReadAsync(0, 10, default).ToListAsync());
        await AppendAsync("a", "first");
        Assert.Equal(["first"], await TypesAsync());
    }

    [Fact]
    public async Task ReadAllAsync_WithinAnEntry_GivesItsRest()
    {
        await One.Events.AppendAsync("a", [.. Enumerable.Range(0, 5).Select(static _ => SampleRecords.Event("e"))], default);

        Assert.Equal([4L, 5L], (await Other.Events.ReadAllAsync(3, 10, default)).Select(static item => item.Position));
        Assert.Empty(await Other.Events.ReadAllAsync(long.MaxValue, 10, default));
    }

    [Fact]
    public async Task AppendAsync_MoreThanATransactionHolds_AreAllThere()
    {
        await One.Events.AppendAsync("a", [.. Enumerable.Range(0, 130).Select(static n => SampleRecords.Event("e", $"k{n}"))], default);

        Assert.Equal(130, (await Other.Events.ReadAsync("a", 0, 500, default)).Count);
    }

    [Fact]
    public async Task WaitForAppendAsync_AnotherInstanceMayHaveWritten_WakesAfterTheInterval()
    {
        var waiting = Other.Events.WaitForAppendAsync("a", default);
        Assert.False(waiting.IsCompleted);

        Time.Advance(TimeSpan.FromSeconds(1));

        await waiting;
    }

    private async Task<(EventDraft Draft, FeedEntry Entry)> ReserveAsync(string runId, string type)
    {
        var draft = await One.Get<EventRows>().DraftAsync(runId, [SampleRecords.Event(type)], 1, isNew: false, default);
        return (draft, await One.Get<EventFeed>().ReserveAsync(runId, draft, default));
    }

    private Task<bool> WriteAsync((EventDraft Draft, FeedEntry Entry) late) =>
        One.Get<RecordTables>().Runs.TrySubmitAsync([.. One.Get<EventRows>().Append(late.Draft, late.Entry)], default);

    private Task AppendAsync(string runId, string type) => Other.Events.AppendAsync(runId, [SampleRecords.Event(type)], default);

    private async Task<List<string>> TypesAsync() => [.. (await Other.Events.ReadAllAsync(0, 10, default)).Select(static item => item.Type)];
}
