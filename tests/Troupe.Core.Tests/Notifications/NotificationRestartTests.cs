using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Testing;

namespace Troupe.Core.Tests.Notifications;

/// <summary>What is held back lives through restarts, on the stores of the embedded host and a clock that the test moves.</summary>
public sealed class NotificationRestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-notifications-").FullName;
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task QuietHours_AcrossARestart_EndWithOneMessage()
    {
        var now = _time.GetUtcNow();
        var until = now.AddHours(9);
        DeliveryRecord held;
        await using (var before = await OpenAsync())
        {
            await PreferAsync(before, new NotificationPreferences { QuietHours = new QuietHours(Clock(now.AddHours(-1)), Clock(until), "Etc/UTC") });
            await TellAsync(before, 1);
            held = await OnlyAsync(before);
            await before.TimerAsync(DeliveryIds.Instance(held.Id, 1));
            Assert.Equal(until, held.HeldUntil);
            Assert.Empty(before.Channel.Messages);
        }

        _time.Advance(TimeSpan.FromHours(8));
        await using (var during = await OpenAsync())
        {
            await during.Get<KeeperRounds>().NextAsync(CancellationToken.None);
            Assert.Equal(DeliveryStatus.Pending, (await OnlyAsync(during)).Status);
            Assert.Empty(during.Channel.Messages);
        }

        _time.Advance(TimeSpan.FromHours(1));
        await using var after = await OpenAsync();
        await after.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(held.Id, 1)).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal("n1", Assert.Single(Assert.Single(after.Channel.Messages).Notifications).Title);
        var delivered = await OnlyAsync(after);
        Assert.Equal((DeliveryStatus.Delivered, until), (delivered.Status, Assert.Single(delivered.Attempts).At));
    }

    [Fact]
    public async Task Digest_AcrossARestart_SumsUpWhatWasToldBeforeAndAfterIt()
    {
        await using (var before = await OpenAsync())
        {
            await PreferAsync(before, new NotificationPreferences { Digests = new Dictionary<string, DigestPeriod> { [ChannelNames.Email] = DigestPeriod.Hourly } });
            await TellAsync(before, 1);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        DeliveryRecord digest;
        await using (var during = await OpenAsync())
        {
            await TellAsync(during, 2);
            digest = await OnlyAsync(during);
            Assert.Empty(during.Channel.Messages);
        }

        _time.Advance(digest.HeldUntil!.Value - _time.GetUtcNow());
        await using var after = await OpenAsync();
        await after.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(digest.Id, 1)).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal(["n2", "n1"], Assert.Single(after.Channel.Messages).Notifications.Select(static one => one.Title));
        Assert.All((await after.Get<INotificationStore>().ListAsync(new NotificationQuery { User = "ann" }, CancellationToken.None)).Items, static one => Assert.NotNull(one.DeliveredAt));
    }

    [Fact]
    public async Task Retention_AfterItsTime_DeletesReadAndUnread()
    {
        await using var harness = await OpenAsync();
        await TellAsync(harness, 1);
        _time.Advance(TimeSpan.FromDays(89));
        await TellAsync(harness, 2);
        await harness.Get<KeeperRounds>().NextAsync(CancellationToken.None);
        Assert.Equal(2, await harness.Get<INotificationStore>().CountUnreadAsync("ann", CancellationToken.None));

        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await harness.Get<NotificationRetention>().SweepAsync(CancellationToken.None);

        Assert.Equal("n2", Assert.Single((await harness.Get<INotificationStore>().ListAsync(new NotificationQuery { User = "ann" }, CancellationToken.None)).Items).Title);
        Assert.Equal(1, await harness.Get<INotificationStore>().CountUnreadAsync("ann", CancellationToken.None));
        var weekly = new NotificationRetention(
            harness.Get<INotificationStore>(), Options.Create(new NotificationOptions { Retention = TimeSpan.FromHours(24) }), _time, NullLogger<NotificationRetention>.Instance);
        await weekly.SweepAsync(CancellationToken.None);
        Assert.Equal(0, await harness.Get<INotificationStore>().CountUnreadAsync("ann", CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4_000)]
    public void Retention_OutOfRange_NamesTheKey(int days)
    {
        var result = new NotificationOptionsValidator().Validate(null, new NotificationOptions { Retention = TimeSpan.FromDays(days) });
        Assert.Contains("Troupe:Notifications:Retention is", result.FailureMessage, StringComparison.Ordinal);
    }

    private static TimeOnly Clock(DateTimeOffset time) => TimeOnly.FromDateTime(time.UtcDateTime);

    private async Task<RunHarness> OpenAsync()
    {
        var harness = await RunHarness.OpenAsync(_folder, _time);
        harness.Channel.Reaches = true;
        return harness;
    }

    private static Task PreferAsync(RunHarness harness, NotificationPreferences preferences) => harness.Get<PreferenceBook>().PutAsync("ann", preferences, CancellationToken.None);

    private static async Task<DeliveryRecord> OnlyAsync(RunHarness harness) => Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery(), CancellationToken.None)).Items);

    private async Task TellAsync(RunHarness harness, int number)
    {
        var told = new RunEvent("r", number, number, EventTypes.RunFailed, _time.GetUtcNow(), null, JsonElement.Parse("{}"));
        await harness.Get<NotificationCenter>().TellAsync(
            new NotificationRecord
            {
                Id = NotificationIds.Of(told, "ann"),
                User = "ann",
                Type = NotificationType.Alert,
                RunId = "r",
                Sequence = number,
                Title = $"n{number}",
                CreatedAt = told.Time,
            },
            CancellationToken.None);
    }
}
