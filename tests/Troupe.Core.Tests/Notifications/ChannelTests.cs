using System.Text.Json;
using Troupe.Core.Deliveries;
using Troupe.Core.Launching;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Records;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Notifications;

/// <summary>From a notification to what its channels were given, by the deliveries that are written down.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    private RunHarness _harness = null!;
    private string _run = "";

    public async Task InitializeAsync()
    {
        _harness = await RunHarness.StartAsync();
        var run = await _harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await _harness.EndAsync(run.Id);
        await _harness.FollowedAsync();
        _run = run.Id;
        _harness.Channel.Reaches = true;
    }

    public async Task DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task Notification_IsSentOnceAndMarkedAsDelivered()
    {
        var told = await TellAsync(1);
        var delivery = await EndAsync(Assert.Single(await DeliveriesAsync()));

        await _harness.Get<NotificationCenter>().TellAsync(told, CancellationToken.None);

        Assert.Equal((DeliveryStatus.Delivered, "email", "ann", "notification.alert"), (delivery.Status, delivery.Channel!, delivery.User!, delivery.Type));
        Assert.Equal("mailto:ann@example.org", delivery.Url.AbsoluteUri);
        Assert.Equal("n1", Assert.Single(Assert.Single(_harness.Channel.Messages).Notifications).Title);
        Assert.Single(await DeliveriesAsync());
        var stored = await _harness.Get<INotificationStore>().GetAsync("ann", told.Id, CancellationToken.None);
        Assert.NotNull(stored!.DeliveredAt);
        Assert.Null(stored.AcknowledgedAt);
    }

    [Fact]
    public async Task ChannelFails_IsRetriedAndItsErrorIsRecorded()
    {
        _harness.Channel.Script = _ => _harness.Channel.Messages.Count == 1
            ? new WebhookAnswer(null, null, new Failure(FailureKinds.DeliveryFailed, "down", Retryable: true))
            : new WebhookAnswer(null, null, null);
        await TellAsync(1);
        var pending = Assert.Single(await DeliveriesAsync());
        await _harness.TimerAsync(DeliveryIds.Instance(pending.Id, 1));
        Assert.Equal("down", Assert.Single((await _harness.Deliveries.GetAsync(pending.Id, CancellationToken.None))!.Attempts).Failure!.Message);

        _harness.Time.Advance(TimeSpan.FromSeconds(2));

        var ended = await EndAsync(pending);
        Assert.Equal((DeliveryStatus.Delivered, 2), (ended.Status, ended.Attempts.Count));
    }

    [Fact]
    public async Task QuietHours_HoldItUntilTheirEnd()
    {
        var now = _harness.Time.GetUtcNow();
        var until = TimeOnly.FromDateTime(now.UtcDateTime.AddHours(2));
        await PreferAsync(new NotificationPreferences { QuietHours = new QuietHours(TimeOnly.FromDateTime(now.UtcDateTime.AddHours(-1)), until, "Etc/UTC") });
        await TellAsync(1);
        var held = Assert.Single(await DeliveriesAsync());
        await _harness.TimerAsync(DeliveryIds.Instance(held.Id, 1));
        Assert.Empty(_harness.Channel.Messages);
        Assert.Equal(until, TimeOnly.FromDateTime(held.HeldUntil!.Value.UtcDateTime));

        _harness.Time.Advance(held.HeldUntil.Value - now);

        Assert.Equal(DeliveryStatus.Delivered, (await EndAsync(held)).Status);
    }

    [Fact]
    public async Task Digest_SumsUpItsHour_AndLeavesApprovalsAtOnce()
    {
        await PreferAsync(new NotificationPreferences { Digests = new Dictionary<string, DigestPeriod> { [ChannelNames.Email] = DigestPeriod.Hourly } });
        await TellAsync(1);
        await TellAsync(2);
        await TellAsync(3, NotificationType.ApprovalRequested);
        var deliveries = await DeliveriesAsync();
        var digest = Assert.Single(deliveries, static one => one.Digest is not null);
        await EndAsync(Assert.Single(deliveries, static one => one.Digest is null));
        Assert.Equal("n3", Assert.Single(_harness.Channel.Messages).Notifications[0].Title);
        await _harness.TimerAsync(DeliveryIds.Instance(digest.Id, 1));

        _harness.Time.Advance(digest.HeldUntil!.Value - _harness.Time.GetUtcNow());

        await EndAsync(digest);
        Assert.Equal(["n2", "n1"], _harness.Channel.Messages[^1].Notifications.Select(static one => one.Title));
        Assert.Equal(digest.Digest!.Until + DigestWindow.Settling, digest.HeldUntil);
    }

    [Fact]
    public async Task Webhook_CarriesTheNotification()
    {
        await PreferAsync(new NotificationPreferences { WebhookUrl = new Uri("https://example.com/me"), Types = new Dictionary<NotificationType, IReadOnlyList<string>> { [NotificationType.Alert] = ["webhook"] } });
        var told = await TellAsync(1);
        await EndAsync(Assert.Single(await DeliveriesAsync()));

        var message = Assert.Single(_harness.Receiver.Messages);

        Assert.Equal(("notification.alert", "https://example.com/me"), (message.Type, message.Url.AbsoluteUri));
        Assert.Equal((told.Id, "ann", "n1"), (message.Data.Notification!.Id, message.Data.Notification.User, message.Data.Notification.Title));
    }

    [Theory]
    [InlineData("2030-03-31T12:00:00Z", "2030-03-30T23:00:00Z", "2030-03-31T22:00:00Z")]
    [InlineData("2030-10-27T12:00:00Z", "2030-10-26T22:00:00Z", "2030-10-27T23:00:00Z")]
    public void DailyWindow_OnADayOfAClockChange_IsTheWholeDay(string time, string from, string until)
    {
        var window = DigestWindow.Of(Time(time), DigestPeriod.Daily, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.Equal((Time(from), Time(until)), (window.From, window.Until));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private Task PreferAsync(NotificationPreferences preferences) => _harness.Get<PreferenceBook>().PutAsync("ann", preferences, CancellationToken.None);

    private async Task<NotificationRecord> TellAsync(int number, NotificationType type = NotificationType.Alert)
    {
        var told = new RunEvent(_run, number, number, EventTypes.RunFailed, _harness.Time.GetUtcNow().AddMilliseconds(number), null, JsonElement.Parse("{}"));
        var notification = new NotificationRecord
        {
            Id = NotificationIds.Of(told, "ann"),
            User = "ann",
            Type = type,
            RunId = _run,
            Sequence = number,
            Title = $"n{number}",
            CreatedAt = told.Time,
        };
        await _harness.Get<NotificationCenter>().TellAsync(notification, CancellationToken.None);
        return notification;
    }

    private async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync() => (await _harness.Deliveries.ListAsync(new DeliveryQuery(), CancellationToken.None)).Items;

    private async Task<DeliveryRecord> EndAsync(DeliveryRecord delivery)
    {
        await _harness.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(delivery.Id, 1)).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return (await _harness.Deliveries.GetAsync(delivery.Id, CancellationToken.None))!;
    }
}
