using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="INotificationStore"/>: each user's own list, newest first, each read once.</summary>
public abstract class NotificationStoreContract : StoreContract
{
    private INotificationStore Notifications => Stores.Notifications;

    [Fact]
    public async Task TryAddAsync_Repeated_KeepsTheFirst()
    {
        var first = Make(1) with { Text = SampleRecords.Unicode, TaskId = "r:t", GateId = "r:g", Channels = ["sse", "email"] };
        Assert.True(await Notifications.TryAddAsync(first, default));
        Assert.False(await Notifications.TryAddAsync(Make(1) with { Title = "other" }, default));
        Assert.True(await Notifications.TryAddAsync(Make(1, "bob"), default));

        AssertSame(first, await Notifications.GetAsync("ada", first.Id, default));
        Assert.Null(await Notifications.GetAsync("eve", first.Id, default));
        Assert.Null(await Notifications.GetAsync("ada", "none", default));
    }

    [Fact]
    public async Task ListAsync_Filters_FindWhatMatchesNewestFirst()
    {
        await AddAsync(Make(1), Make(2) with { Type = NotificationType.Alert }, Make(3) with { RunId = "s" }, Make(4, "bob"));
        await Notifications.AcknowledgeAsync("ada", Make(2).Id, SampleRecords.Start, default);

        Assert.Equal([3, 2, 1], await ListAsync(Of("ada")));
        Assert.Equal([3, 1], await ListAsync(Of("ada") with { Unread = true }));
        Assert.Equal([2], await ListAsync(Of("ada") with { Type = NotificationType.Alert }));
        Assert.Equal([2, 1], await ListAsync(Of("ada") with { RunId = "r" }));
        Assert.Equal([1], await ListAsync(Of("ada") with { RunId = "r", Unread = true }));
        Assert.Equal([2], await ListAsync(Of("ada") with { Since = SampleRecords.Start.AddMinutes(2), Before = SampleRecords.Start.AddMinutes(3) }));
        Assert.Equal([4], await ListAsync(Of("bob")));
    }

    [Fact]
    public async Task ListAsync_InPages_IsWhole()
    {
        await AddAsync([.. Enumerable.Range(1, 23).Select(static n => Make(n))]);

        Assert.Equal(Enumerable.Range(1, 23).Reverse(), await ListAsync(Of("ada") with { Limit = 5 }));
        Assert.Equal(Enumerable.Range(1, 9).Reverse(), await ListAsync(Of("ada") with { Limit = 2, Before = SampleRecords.Start.AddMinutes(10) }));
        await Assert.ThrowsAsync<InvalidCursorException>(() => Notifications.ListAsync(Of("ada") with { Cursor = "nonsense" }, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Notifications.ListAsync(Of("ada") with { Limit = 0 }, default));
    }

    [Fact]
    public async Task AcknowledgeAsync_Again_KeepsTheFirstTime()
    {
        var (id, at) = (Make(1).Id, SampleRecords.Start.AddDays(1));
        await AddAsync(Make(1), Make(2));
        Assert.Equal(2, await Notifications.CountUnreadAsync("ada", default));

        var read = await Notifications.AcknowledgeAsync("ada", id, at, default);
        await Notifications.AcknowledgeAsync("ada", id, at.AddDays(1), default);

        Assert.Equal((at, at), (read!.AcknowledgedAt!.Value, read.DeliveredAt!.Value));
        Assert.Equal(at, (await Notifications.GetAsync("ada", id, default))!.AcknowledgedAt);
        Assert.Equal(1, await Notifications.CountUnreadAsync("ada", default));
        Assert.Null(await Notifications.AcknowledgeAsync("bob", id, at, default));
    }

    [Fact]
    public async Task AcknowledgeUpToAsync_Id_LeavesLaterOnesAndOtherUsers()
    {
        await AddAsync(Make(1), Make(2), Make(3), Make(1, "bob"));

        Assert.Equal(2, await Notifications.AcknowledgeUpToAsync("ada", Make(2).Id, SampleRecords.Start, default));
        Assert.Equal([3], await ListAsync(Of("ada") with { Unread = true }));
        Assert.Equal(1, await Notifications.AcknowledgeUpToAsync("ada", null, SampleRecords.Start, default));
        Assert.Equal(0, await Notifications.AcknowledgeUpToAsync("ada", null, SampleRecords.Start, default));
        Assert.Equal(1, await Notifications.CountUnreadAsync("bob", default));
    }

    [Fact]
    public async Task MarkDeliveredAsync_Again_KeepsTheFirstTimeAndLeavesItUnread()
    {
        await AddAsync(Make(1));
        var at = SampleRecords.Start.AddHours(1);

        await Notifications.MarkDeliveredAsync("ada", [Make(1).Id, Make(9).Id], at, default);
        await Notifications.MarkDeliveredAsync("ada", [Make(1).Id], at.AddHours(1), default);

        var stored = await Notifications.AcknowledgeAsync("ada", Make(1).Id, at.AddHours(2), default);
        Assert.Equal((at, at.AddHours(2)), (stored!.DeliveredAt!.Value, stored.AcknowledgedAt!.Value));
    }

    [Fact]
    public async Task DeleteBeforeAsync_LeavesWhatIsYounger_InEveryUsersList()
    {
        await AddAsync(Make(1), Make(2), Make(3), Make(1, "bob"), Make(4, "bob"));
        await Notifications.AcknowledgeAsync("ada", Make(2).Id, SampleRecords.Start.AddDays(1), default);
        var before = SampleRecords.Start.AddMinutes(3);

        Assert.Equal(2, await Notifications.DeleteBeforeAsync(before, 2, default));
        Assert.Equal(1, await Notifications.DeleteBeforeAsync(before, 2, default));
        Assert.Equal(0, await Notifications.DeleteBeforeAsync(before, 2, default));

        Assert.Equal([3], await ListAsync(Of("ada")));
        Assert.Equal([4], await ListAsync(Of("bob")));
        Assert.Equal((1, 1), (await Notifications.CountUnreadAsync("ada", default), await Notifications.CountUnreadAsync("bob", default)));
        Assert.Null(await Notifications.GetAsync("ada", Make(2).Id, default));
        Assert.True(await Notifications.TryAddAsync(Make(1), default));
    }

    private static NotificationQuery Of(string user) => new() { User = user };

    private static NotificationRecord Make(int minute, string user = "ada")
    {
        var at = SampleRecords.Start.AddMinutes(minute);
        return new NotificationRecord
        {
            Id = NotificationIds.Of(new RunEvent("r", minute, minute, EventTypes.TaskCompleted, at, null, SampleRecords.Json("{}")), user),
            User = user,
            Type = NotificationType.TaskComplete,
            RunId = "r",
            Sequence = minute,
            Title = "done",
            CreatedAt = at,
        };
    }

    private async Task AddAsync(params IReadOnlyList<NotificationRecord> notifications)
    {
        foreach (var notification in notifications) Assert.True(await Notifications.TryAddAsync(notification, default));
    }

    private async Task<List<int>> ListAsync(NotificationQuery query)
    {
        var found = new List<int>();
        do
        {
            var page = await Notifications.ListAsync(query, default);
            found.AddRange(page.Items.Select(static one => (int)one.Sequence));
            query = query with { Cursor = page.Cursor };
        }
        while (query.Cursor is not null);
        return found;
    }
}
