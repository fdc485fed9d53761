using System.Globalization;
using Troupe.Core.Artifacts;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IGateStore"/>: gates are decided once, callbacks are kept once.</summary>
public abstract class GateStoreContract : StoreContract
{
    private IGateStore Gates => Stores.Gates;

    [Fact]
    public async Task CreateIfAbsentAsync_Repeated_KeepsTheFirstAndTellsOnce()
    {
        var first = SampleRecords.Gate("r", "g") with { Description = SampleRecords.Unicode, ExpiresAt = SampleRecords.Start.AddHours(1) };
        AssertSame(first, await CreateAsync(first));

        var answer = await CreateAsync(SampleRecords.Gate("r", "g") with { Title = "other" });

        AssertSame(first, answer);
        AssertSame(first, await Gates.GetAsync("r:g", default));
        Assert.Equal([EventTypes.ApprovalRequested], await TypesAsync());
    }

    [Fact]
    public async Task CreateIfAbsentAsync_ManyAtOnce_OneIsMade()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(
            () => CreateAsync(SampleRecords.Gate("r", "g") with { Title = n.ToString(CultureInfo.InvariantCulture) }))));

        Assert.Single(answers.Select(static gate => gate.Title).Distinct(StringComparer.Ordinal));
        Assert.Single(await TypesAsync());
    }

    [Fact]
    public async Task GetAsync_Unknown_IsNull()
    {
        Assert.Null(await Gates.GetAsync("r:none", default));
        Assert.Null(await Gates.UpdateAsync("r:none", Decide("ada"), default));
    }

    [Fact]
    public async Task UpdateAsync_Decision_IsStoredAndTold()
    {
        await CreateAsync(SampleRecords.Gate("r", "g"));

        var updated = await Gates.UpdateAsync("r:g", Decide("ada"), default);

        Assert.Equal((GateStatus.Approved, "ada"), (updated!.Status, updated.ClosedBy));
        AssertSame(updated, await Gates.GetAsync("r:g", default));
        Assert.Equal([EventTypes.ApprovalRequested, EventTypes.ApprovalDecided], await TypesAsync());
    }

    [Fact]
    public async Task UpdateAsync_ClosedAlready_IsLeftAloneAndTellsNothing()
    {
        await CreateAsync(SampleRecords.Gate("r", "g"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(
            () => Gates.UpdateAsync("r:g", Decide(n.ToString(CultureInfo.InvariantCulture)), default))));

        Assert.Single(answers.Select(static gate => gate!.ClosedBy).Distinct(StringComparer.Ordinal));
        Assert.Single((await Gates.GetAsync("r:g", default))!.Decisions);
        Assert.Equal([EventTypes.ApprovalRequested, EventTypes.ApprovalDecided], await TypesAsync());
    }

    [Fact]
    public async Task UpdateAsync_RevisionNotHigher_DoesNothingAtAll()
    {
        await CreateAsync(SampleRecords.Gate("r", "g"));
        await Gates.UpdateAsync("r:g", new(static gate => gate with { Title = "two" }, 2), default);
        await Gates.UpdateAsync("r:g", new(static gate => gate with { Comment = "between" }), default);

        await Gates.UpdateAsync("r:g", new(static gate => gate with { Title = "two again" }, 2, SampleRecords.Event("e")), default);
        await Gates.UpdateAsync("r:g", new(static gate => gate with { Title = "one" }, 1, SampleRecords.Event("e")), default);

        var gate = await Gates.GetAsync("r:g", default);
        Assert.Equal(("two", "between"), (gate!.Title, gate.Comment));
        Assert.Equal([EventTypes.ApprovalRequested], await TypesAsync());
    }

    [Fact]
    public async Task UpdateAsync_ChangedIdentity_IsRefused()
    {
        await CreateAsync(SampleRecords.Gate("r", "g"));

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Gates.UpdateAsync("r:g", new(static gate => gate with { RunId = "other" }), default));
    }

    [Fact]
    public async Task ListAsync_Filters_FindWhatMatchesNewestFirst()
    {
        await CreateAsync(SampleRecords.Gate("r", "old"));
        await CreateAsync(SampleRecords.Gate("r", "call", SampleRecords.Start.AddHours(1)) with { Kind = GateKind.Callback });
        await CreateAsync(SampleRecords.Gate("s", "other", SampleRecords.Start.AddHours(2)));
        await CreateAsync(SampleRecords.Gate("r", "done", SampleRecords.Start.AddHours(3)));
        await Gates.UpdateAsync("r:done", Decide("ada"), default);

        Assert.Equal(["r:done", "s:other", "r:call", "r:old"], await IdsAsync(new GateQuery()));
        Assert.Equal(["s:other", "r:call", "r:old"], await IdsAsync(new GateQuery { Status = GateStatus.Pending }));
        Assert.Equal(["s:other", "r:old"], await IdsAsync(new GateQuery { Status = GateStatus.Pending, Kind = GateKind.Approval }));
        Assert.Equal(["r:call"], await IdsAsync(new GateQuery { Kind = GateKind.Callback }));
        Assert.Equal(["r:done", "r:call", "r:old"], await IdsAsync(new GateQuery { RunId = "r" }));
        Assert.Equal(["r:old"], await IdsAsync(new GateQuery { RunId = "r", Kind = GateKind.Approval, Status = GateStatus.Pending }));
        Assert.Empty(await IdsAsync(new GateQuery { RunId = "s", Kind = GateKind.Callback }));
    }

    [Fact]
    public async Task ListAsync_Unacknowledged_AreClosedOnesNotTakenIn()
    {
        foreach (var key in new[] { "pending", "closed", "taken" }) await CreateAsync(SampleRecords.Gate("r", key));
        await Gates.UpdateAsync("r:closed", Decide("ada"), default);
        await Gates.UpdateAsync("r:taken", Decide("ada"), default);
        await Gates.UpdateAsync("r:taken", new(static gate => gate with { Acknowledged = true }, 1), default);

        Assert.Equal(["r:closed"], await IdsAsync(new GateQuery { Unacknowledged = true }));
        Assert.Empty(await IdsAsync(new GateQuery { Unacknowledged = true, Kind = GateKind.Callback }));
        Assert.Equal(["r:closed"], await IdsAsync(new GateQuery { Unacknowledged = true, RunId = "r", Status = GateStatus.Approved }));
    }

    [Fact]
    public async Task ListAsync_ClosedAndOpenedAgain_IsAmongThePendingOnes()
    {
        await CreateAsync(SampleRecords.Gate("r", "g"));
        await Gates.UpdateAsync("r:g", new(static gate => gate with { Status = GateStatus.Cancelled, Acknowledged = true, ClosedWithRun = true }), default);
        Assert.Empty(await IdsAsync(new GateQuery { Status = GateStatus.Pending }));
        Assert.True((await Gates.GetAsync("r:g", default))!.ClosedWithRun);

        await Gates.UpdateAsync("r:g", new(static gate => gate with { Status = GateStatus.Pending, Acknowledged = false, ClosedWithRun = false }), default);

        Assert.Equal(["r:g"], await IdsAsync(new GateQuery { Status = GateStatus.Pending }));
        Assert.Empty(await IdsAsync(new GateQuery { Status = GateStatus.Cancelled }));
        Assert.Empty(await IdsAsync(new GateQuery { Unacknowledged = true }));
    }

    [Fact]
    public async Task ListAsync_InPages_IsWhole()
    {
        for (var n = 0; n < 23; n++)
            await CreateAsync(SampleRecords.Gate("r", n.ToString(CultureInfo.InvariantCulture), SampleRecords.Start.AddMinutes(n / 4)));

        var ids = await IdsAsync(new GateQuery { Limit = 5 });

        Assert.Equal(23, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(23, ids.Count);
        await Assert.ThrowsAsync<InvalidCursorException>(() => Gates.ListAsync(new GateQuery { Cursor = "nonsense" }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Gates.ListAsync(new GateQuery { Limit = 0 }, default));
    }

    [Fact]
    public async Task TryAddCallbackAsync_BeforeAnythingWaits_IsKept()
    {
        var callback = Callback("deployed", "d1");

        Assert.True(await AddAsync(callback));

        AssertSame(callback, await Gates.GetCallbackAsync("r", "deployed", default));
        Assert.Null(await Gates.GetCallbackAsync("r", "other", default));
        Assert.Null(await Gates.GetCallbackAsync("s", "deployed", default));
        Assert.Equal([EventTypes.CallbackReceived], await TypesAsync());
    }

    [Fact]
    public async Task TryAddCallbackAsync_DeliveredAgain_IsDroppedWithItsEvents()
    {
        await AddAsync(Callback("deployed", "d1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => AddAsync(Callback("deployed", "d1") with { Payload = Content.Inline("late") }))));

        Assert.DoesNotContain(true, answers);
        Assert.Equal("{}", (await Gates.GetCallbackAsync("r", "deployed", default))!.Payload.Text);
        Assert.Equal([EventTypes.CallbackReceived], await TypesAsync());
    }

    [Fact]
    public async Task GetCallbackAsync_SeveralDeliveries_IsTheFirst()
    {
        await AddAsync(Callback("deployed", "d2"));
        Assert.True(await AddAsync(Callback("deployed", "d1")));
        Assert.True(await AddAsync(Callback("deployed", "d2") with { RunId = "s" }));

        Assert.Equal("d2", (await Gates.GetCallbackAsync("r", "deployed", default))!.DeliveryId);
    }

    private static CallbackRecord Callback(string name, string delivery) => new("r", name, delivery, Content.Inline("{}"), SampleRecords.Start);

    private static Change<GateRecord> Decide(string user) => new(
        gate => gate.Status != GateStatus.Pending
            ? gate
            : gate with
            {
                Status = GateStatus.Approved,
                ClosedBy = user,
                ClosedAt = SampleRecords.Start,
                Decisions = [.. gate.Decisions, new GateDecision(user, Approved: true, SampleRecords.Unicode, SampleRecords.Start)],
            },
        null,
        SampleRecords.Event(EventTypes.ApprovalDecided));

    private Task<GateRecord> CreateAsync(GateRecord gate) =>
        Gates.CreateIfAbsentAsync(gate, [SampleRecords.Event(EventTypes.ApprovalRequested)], default);

    private Task<bool> AddAsync(CallbackRecord callback) =>
        Gates.TryAddCallbackAsync(callback, [SampleRecords.Event(EventTypes.CallbackReceived)], default);

    private async Task<IReadOnlyList<string>> TypesAsync() =>
        [.. (await Stores.Events.ReadAsync("r", 0, 100, default)).Select(static item => item.Type)];

    private async Task<List<string>> IdsAsync(GateQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await Gates.ListAsync(query, default);
            ids.AddRange(page.Items.Select(static gate => gate.Id));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return ids;
    }
}
