using System.Globalization;
using System.Text.Json;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IEventLog"/>: gapless within a run, rising over all, nothing missed by a reader who follows.</summary>
public abstract class EventLogContract : StoreContract
{
    private IEventLog Events => Stores.Events;

    [Fact]
    public async Task AppendAsync_SeveralRuns_NumbersEachFromOneAndAllTogether()
    {
        await Events.AppendAsync("a", [SampleRecords.Event("one"), SampleRecords.Event("two")], default);
        await Events.AppendAsync("b", [SampleRecords.Event("three")], default);
        Time.Advance(TimeSpan.FromSeconds(5));
        await Events.AppendAsync("a", [SampleRecords.Event("four", taskId: "a:t")], default);

        var ofA = await Events.ReadAsync("a", 0, 10, default);
        var all = await Events.ReadAllAsync(0, 10, default);

        Assert.Equal([("one", 1L), ("two", 2L), ("four", 3L)], ofA.Select(static item => (item.Type, item.Sequence)));
        Assert.Equal(["one", "two", "three", "four"], all.Select(static item => item.Type));
        Assert.Equal(all.Select(static item => item.Position).Distinct().Order(), all.Select(static item => item.Position));
        Assert.Equal(["a", "a", "b", "a"], all.Select(static item => item.RunId));
        Assert.Equal((Time.GetUtcNow(), "a:t"), (ofA[2].Time, ofA[2].TaskId));
        Assert.Equal(ofA[0].Time.AddSeconds(5), ofA[2].Time);
        Assert.Null(ofA[0].TaskId);
    }

    [Fact]
    public async Task ReadAsync_AfterASequenceWithALimit_GivesThatPart()
    {
        await Events.AppendAsync("a", [.. Enumerable.Range(1, 20).Select(static _ => SampleRecords.Event("e"))], default);
        var positions = (await Events.ReadAllAsync(0, 100, default)).Select(static item => item.Position).ToList();

        Assert.Equal([6L, 7L, 8L], (await Events.ReadAsync("a", 5, 3, default)).Select(static item => item.Sequence));
        Assert.Equal(positions[6..9], (await Events.ReadAllAsync(positions[5], 3, default)).Select(static item => item.Position));
        Assert.Empty(await Events.ReadAsync("a", 20, 3, default));
        Assert.Empty(await Events.ReadAsync("none", 0, 3, default));
        Assert.Empty(await Events.ReadAllAsync(positions[^1], 3, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Events.ReadAsync("a", 0, 0, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Events.ReadAllAsync(0, 0, default));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"a":[1,2.50,true,null],"ü":"🎭"}""")]
    public async Task AppendAsync_Data_ComesBackAsItWas(string data)
    {
        await Events.AppendAsync("a", [SampleRecords.Event("e", data: data)], default);

        Assert.Equal(data, Assert.Single(await Events.ReadAsync("a", 0, 10, default)).Data.GetRawText());
    }

    [Fact]
    public async Task AppendAsync_LargestData_ComesBackAsItWas()
    {
        var data = $"\"{new string('x', 4_094)}\"";

        await Events.AppendAsync("a", [SampleRecords.Event("e", data: data)], default);

        Assert.Equal(data, Assert.Single(await Events.ReadAsync("a", 0, 10, default)).Data.GetRawText());
    }

    [Fact]
    public async Task AppendAsync_WithoutData_HasAnEmptyObject()
    {
        await Events.AppendAsync("a", [new NewEvent("e", null, default)], default);

        Assert.Equal(JsonValueKind.Object, Assert.Single(await Events.ReadAsync("a", 0, 10, default)).Data.ValueKind);
    }

    [Fact]
    public async Task AppendAsync_KeySeenBefore_IsDroppedWithoutAGap()
    {
        await Events.AppendAsync("a", [SampleRecords.Event("first", "k"), SampleRecords.Event("again", "k"), SampleRecords.Event("other", "K")], default);
        await Events.AppendAsync("a", [SampleRecords.Event("late", "k"), SampleRecords.Event("last")], default);
        await Events.AppendAsync("b", [SampleRecords.Event("elsewhere", "k")], default);

        Assert.Equal(
            [("first", 1L), ("other", 2L), ("last", 3L)],
            (await Events.ReadAsync("a", 0, 10, default)).Select(static item => (item.Type, item.Sequence)));
        Assert.Single(await Events.ReadAsync("b", 0, 10, default));
    }

    [Fact]
    public async Task AppendAsync_TwoHundredAtOnce_LeavesNoGap()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(
            () => Events.AppendAsync(n % 2 == 0 ? "a" : "b", [SampleRecords.Event("e"), SampleRecords.Event("f")], default))));

        foreach (var run in new[] { "a", "b" })
            Assert.Equal(Enumerable.Range(1, 200).Select(static n => (long)n), (await Events.ReadAsync(run, 0, 500, default)).Select(static item => item.Sequence));
        Assert.Equal(400, (await Events.ReadAllAsync(0, 1_000, default)).Count);
    }

    [Fact]
    public async Task GetLastPositionAsync_IsTheNewestOnes()
    {
        Assert.Equal(0, await Events.GetLastPositionAsync(default));
        await Events.AppendAsync("a", [SampleRecords.Event("e"), SampleRecords.Event("f")], default);

        var last = await Events.GetLastPositionAsync(default);

        Assert.Equal((await Events.ReadAllAsync(0, 10, default))[^1].Position, last);
        Assert.Empty(await Events.ReadAllAsync(last, 10, default));
    }

    [Fact]
    public async Task ReadAllAsync_FollowedWhileManyWrite_MissesAndRepeatsNothing()
    {
        const int Total = 300;
        var reading = FollowAsync(Total);
        await Task.WhenAll(Enumerable.Range(0, Total).Select(n => Task.Run(() => Events.AppendAsync(
            (n % 7).ToString(CultureInfo.InvariantCulture), [SampleRecords.Event(n.ToString(CultureInfo.InvariantCulture))], default))));

        var seen = await reading;

        Assert.Equal(Total, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Total, seen.Count);
    }

    [Fact]
    public async Task WaitForAppendAsync_OneIsAppended_CompletesForItsRunAndForAny()
    {
        var ofRun = Events.WaitForAppendAsync("a", default);
        var ofAny = Events.WaitForAppendAsync(null, default);

        await Events.AppendAsync("a", [SampleRecords.Event("e")], default);

        await ofRun;
        await ofAny;
    }

    [Fact]
    public async Task WaitForAppendAsync_EventsOfRecordChanges_CompleteItToo()
    {
        var created = Events.WaitForAppendAsync("r", default);
        await Stores.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("r"), SampleRecords.Task("r", "t")), default);
        await created;
        await AssertWakesAsync(() => Stores.Runs.UpdateRunAsync("r", new(static run => run, 1, SampleRecords.Event("e")), default));
        await AssertWakesAsync(() => Stores.Runs.UpdateTaskAsync("r:t", new(static task => task, 1, SampleRecords.Event("e")), default));
        await AssertWakesAsync(() => Stores.Gates.CreateIfAbsentAsync(SampleRecords.Gate("r", "g"), [SampleRecords.Event("e")], default));
        await AssertWakesAsync(() => Stores.Gates.UpdateAsync("r:g", new(static gate => gate, 1, SampleRecords.Event("e")), default));
    }

    [Fact]
    public async Task WaitForAppendAsync_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = Events.WaitForAppendAsync("a", cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Events.WaitForAppendAsync("a", cancellation.Token));
    }

    [Fact]
    public async Task WaitForAppendAsync_ThousandsWait_AllWake()
    {
        var waiting = Enumerable.Range(0, 5_000).Select(_ => Events.WaitForAppendAsync("a", default)).ToList();

        await Events.AppendAsync("a", [SampleRecords.Event("e")], default);

        await Task.WhenAll(waiting);
    }

    private async Task AssertWakesAsync(Func<Task> change)
    {
        var waiting = Events.WaitForAppendAsync("r", default);
        await change();
        await waiting;
    }

    private async Task<List<string>> FollowAsync(int total)
    {
        var seen = new List<string>();
        var position = 0L;
        while (seen.Count < total)
        {
            var signal = Events.WaitForAppendAsync(null, default);
            var events = await Events.ReadAllAsync(position, 10, default);
            if (events.Count == 0) await signal;
            else position = events[^1].Position;
            seen.AddRange(events.Select(static item => item.Type));
        }

        return seen;
    }
}
