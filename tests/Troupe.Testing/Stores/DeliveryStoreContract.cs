using System.Globalization;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IDeliveryStore"/>: a happening makes one delivery, and an attempt is written down once.</summary>
public abstract class DeliveryStoreContract : StoreContract
{
    private IDeliveryStore Deliveries => Stores.Deliveries;

    [Fact]
    public async Task CreateIfAbsentAsync_Repeated_KeepsTheFirst()
    {
        var first = Full("d");
        AssertSame(first, await CreateAsync(first));

        var answer = await CreateAsync(SampleRecords.Delivery("r", "d") with { Url = new Uri("https://other.example") });

        AssertSame(first, answer);
        AssertSame(first, await Deliveries.GetAsync("d", default));
    }

    [Fact]
    public async Task CreateIfAbsentAsync_ManyAtOnce_OneIsMade()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => Task.Run(
            () => CreateAsync(SampleRecords.Delivery("r", "d") with { TaskId = n.ToString(CultureInfo.InvariantCulture) }))));

        Assert.Single(answers.Select(static delivery => delivery.TaskId).Distinct(StringComparer.Ordinal));
        Assert.Single(await IdsAsync(new DeliveryQuery()));
    }

    [Fact]
    public async Task GetAsync_Unknown_IsNull()
    {
        Assert.Null(await Deliveries.GetAsync("none", default));
        Assert.Null(await Deliveries.UpdateAsync("none", Close(1), default));
    }

    [Fact]
    public async Task UpdateAsync_Attempt_IsStoredAndTold()
    {
        await CreateAsync(SampleRecords.Delivery("r", "d"));

        var updated = await Deliveries.UpdateAsync("d", Close(1), default);

        Assert.Equal(DeliveryStatus.Delivered, updated!.Status);
        AssertSame(updated, await Deliveries.GetAsync("d", default));
        Assert.Single(await Stores.Events.ReadAsync("r", 0, 10, default));
    }

    [Fact]
    public async Task UpdateAsync_RevisionNotHigher_DoesNothingAtAll()
    {
        await CreateAsync(SampleRecords.Delivery("r", "d"));
        await Deliveries.UpdateAsync("d", Close(2), default);
        await Deliveries.UpdateAsync("d", new(static delivery => delivery with { Round = 2 }), default);

        await Deliveries.UpdateAsync("d", new(static delivery => delivery with { Status = DeliveryStatus.Dead }, 2, SampleRecords.Event("e")), default);
        await Deliveries.UpdateAsync("d", new(static delivery => delivery with { Status = DeliveryStatus.Dead }, 1, SampleRecords.Event("e")), default);

        var delivery = await Deliveries.GetAsync("d", default);
        Assert.Equal((DeliveryStatus.Delivered, 2), (delivery!.Status, delivery.Round));
        Assert.Single(await Stores.Events.ReadAsync("r", 0, 10, default));
    }

    [Fact]
    public async Task UpdateAsync_NoDifference_TellsNothing()
    {
        await CreateAsync(SampleRecords.Delivery("r", "d"));

        await Deliveries.UpdateAsync("d", new(static delivery => delivery with { Status = DeliveryStatus.Pending }, null, SampleRecords.Event("e")), default);

        Assert.Empty(await Stores.Events.ReadAsync("r", 0, 10, default));
    }

    [Fact]
    public async Task UpdateAsync_ChangedIdentity_IsRefused()
    {
        await CreateAsync(SampleRecords.Delivery("r", "d"));

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Deliveries.UpdateAsync("d", new(static delivery => delivery with { RunId = "other" }), default));
    }

    [Fact]
    public async Task ListAsync_Filters_FindWhatMatchesNewestFirst()
    {
        await CreateAsync(SampleRecords.Delivery("r", "old"));
        await CreateAsync(SampleRecords.Delivery("s", "other", SampleRecords.Start.AddHours(1)));
        await CreateAsync(SampleRecords.Delivery("r", "new", SampleRecords.Start.AddHours(2)));
        await Deliveries.UpdateAsync("new", Close(1), default);

        Assert.Equal(["new", "other", "old"], await IdsAsync(new DeliveryQuery()));
        Assert.Equal(["other", "old"], await IdsAsync(new DeliveryQuery { Status = DeliveryStatus.Pending }));
        Assert.Equal(["new"], await IdsAsync(new DeliveryQuery { Status = DeliveryStatus.Delivered }));
        Assert.Equal(["new", "old"], await IdsAsync(new DeliveryQuery { RunId = "r" }));
        Assert.Equal(["old"], await IdsAsync(new DeliveryQuery { RunId = "r", Status = DeliveryStatus.Pending }));
        Assert.Empty(await IdsAsync(new DeliveryQuery { RunId = "s", Status = DeliveryStatus.Dead }));
    }

    [Fact]
    public async Task ListAsync_InPages_IsWhole()
    {
        for (var n = 0; n < 23; n++)
            await CreateAsync(SampleRecords.Delivery("r", n.ToString(CultureInfo.InvariantCulture), SampleRecords.Start.AddMinutes(n / 4)));

        var ids = await IdsAsync(new DeliveryQuery { Limit = 5 });

        Assert.Equal(23, ids.Count);
        Assert.Equal(23, ids.Distinct(StringComparer.Ordinal).Count());
        await Assert.ThrowsAsync<InvalidCursorException>(() => Deliveries.ListAsync(new DeliveryQuery { Cursor = "nonsense" }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Deliveries.ListAsync(new DeliveryQuery { Limit = 0 }, default));
    }

    private static DeliveryRecord Full(string id) => SampleRecords.Delivery("r", id) with
    {
        TaskId = "r:t",
        Sequence = 7,
        SubscriptionId = "s",
        Url = new Uri("https://example.com/done?x=1"),
        Status = DeliveryStatus.Dead,
        ClosedAt = SampleRecords.Start.AddTicks(7),
        NextAttemptAt = SampleRecords.Start.AddDays(1),
        Round = 3,
        Attempts = [new DeliveryAttempt(3, 1, SampleRecords.Start, 503, SampleRecords.Unicode, new Failure(FailureKinds.DeliveryFailed, "no", Retryable: true, TimeSpan.FromSeconds(3)))],
    };

    private static Change<DeliveryRecord> Close(long revision) => new(
        static delivery => delivery with
        {
            Status = DeliveryStatus.Delivered,
            ClosedAt = SampleRecords.Start,
            NextAttemptAt = null,
            Attempts = [.. delivery.Attempts, new DeliveryAttempt(1, 1, SampleRecords.Start, 200, "", null)],
        },
        revision,
        SampleRecords.Event("told"));

    private Task<DeliveryRecord> CreateAsync(DeliveryRecord delivery) => Deliveries.CreateIfAbsentAsync(delivery, default);

    private async Task<List<string>> IdsAsync(DeliveryQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await Deliveries.ListAsync(query, default);
            ids.AddRange(page.Items.Select(static delivery => delivery.Id));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return ids;
    }
}
