using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Tests.Support;
using Troupe.Durable;

namespace Troupe.Core.Tests.Deliveries;

/// <summary>Attempts, their times and their end.</summary>
public sealed class DeliveryRoundTests
{
    [Fact]
    public async Task Busy_IsRetriedAtTheTimesThatTheRowTells_UntilItIsTaken()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = _ => harness.Receiver.Messages.Count <= 2 ? ScriptedReceiver.Busy() : ScriptedReceiver.Ok();
        var id = await DeliveryOfARunAsync(harness);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var wait = await WaitingAsync(harness, id, attempt);
            Assert.InRange(wait.TotalSeconds, 0.79 * attempt, 1.21 * attempt);
            harness.Time.Advance(wait);
            await harness.UntilSentAsync(attempt + 1);
        }

        var delivery = await EndAsync(harness, id);
        Assert.Equal((DeliveryStatus.Delivered, null), (delivery.Status, delivery.NextAttemptAt));
        Assert.Equal([503, 503, 200], delivery.Attempts.Select(static attempt => attempt.ResponseStatus!.Value));
        Assert.Equal("thanks", delivery.Attempts[2].Response);
        Assert.Single(harness.Receiver.Messages.Select(static message => message.Id).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AlwaysBusy_IsDeadAfterTheRetries()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy();
        var id = await DeliveryOfARunAsync(harness);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            harness.Time.Advance(await WaitingAsync(harness, id, attempt));
            await harness.UntilSentAsync(attempt + 1);
        }

        var delivery = await EndAsync(harness, id);
        Assert.Equal((DeliveryStatus.Dead, 4), (delivery.Status, delivery.Attempts.Count));
        Assert.NotNull(delivery.ClosedAt);
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy(TimeSpan.FromMinutes(7));
        var id = await DeliveryOfARunAsync(harness);
        Assert.Equal(TimeSpan.FromMinutes(7), await WaitingAsync(harness, id));
    }

    [Fact]
    public async Task Gone_IsDeadAtOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Gone();
        var delivery = await EndAsync(harness, await DeliveryOfARunAsync(harness));
        Assert.Equal((DeliveryStatus.Dead, 1), (delivery.Status, delivery.Attempts.Count));
    }

    [Fact]
    public async Task Redeliver_Dead_IsANewRound()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Gone();
        var id = await DeliveryOfARunAsync(harness);
        await EndAsync(harness, id);
        harness.Receiver.Script = static _ => ScriptedReceiver.Ok();

        var accepted = await harness.Get<DeliveryOutbox>().RedeliverAsync(id, CancellationToken.None);

        Assert.Equal((RedeliverOutcome.Accepted, DeliveryStatus.Pending, 2), (accepted.Outcome, accepted.Delivery!.Status, accepted.Delivery.Round));
        var delivery = await EndAsync(harness, id, round: 2);
        Assert.Equal(DeliveryStatus.Delivered, delivery.Status);
        Assert.Equal([(1, 1), (2, 1)], delivery.Attempts.Select(static attempt => (attempt.Round, attempt.Number)));
        Assert.Equal(RedeliverOutcome.NotFound, (await harness.Get<DeliveryOutbox>().RedeliverAsync("none", CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Redeliver_Pending_IsRefused()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy();
        var id = await DeliveryOfARunAsync(harness);
        await WaitingAsync(harness, id);
        Assert.Equal(RedeliverOutcome.Pending, (await harness.Get<DeliveryOutbox>().RedeliverAsync(id, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task EventTakenTwice_MakesOneDelivery()
    {
        await using var harness = await RunHarness.StartAsync();
        var delivery = await EndAsync(harness, await DeliveryOfARunAsync(harness));
        var told = (await harness.Get<IEventLog>().ReadAsync(delivery.RunId, 0, 100, CancellationToken.None)).Single(static told => told.Type == EventTypes.RunCompleted);

        await harness.Activity<CallbackUrls>().TakeAsync(told, CancellationToken.None);

        Assert.Equal(delivery.Id, Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery(), CancellationToken.None)).Items).Id);
        Assert.Single(harness.Receiver.Messages);
    }

    [Fact]
    public async Task Deliver_ExecutedTwice_SendsAndCountsOnce()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy();
        var id = await DeliveryOfARunAsync(harness);
        await WaitingAsync(harness, id);
        var due = (await harness.Deliveries.GetAsync(id, CancellationToken.None))!.NextAttemptAt;

        var again = await harness.Activity<Deliver>().RunAsync(Context, new DeliverInput(id, 1, 1));

        Assert.Equal(due, again.At);
        Assert.Single(harness.Receiver.Messages);
        Assert.Null((await harness.Activity<Deliver>().RunAsync(Context, new DeliverInput(id, 2, 1))).At);
        Assert.Single(harness.Receiver.Messages);
    }

    [Fact]
    public async Task Keeper_RowWithoutOrchestration_IsDelivered()
    {
        await using var harness = await RunHarness.StartAsync();
        var delivery = await EndAsync(harness, await DeliveryOfARunAsync(harness));
        var orphan = delivery with { Id = "orphan", Status = DeliveryStatus.Pending, Attempts = [] };
        await harness.Deliveries.CreateIfAbsentAsync(orphan, CancellationToken.None);

        await harness.Get<DeliveryOutbox>().KeepAsync(CancellationToken.None);

        Assert.Equal(DeliveryStatus.Delivered, (await EndAsync(harness, "orphan")).Status);
    }

    [Fact]
    public async Task Keeper_OrchestrationTerminated_GivesItUp()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Busy();
        var id = await DeliveryOfARunAsync(harness);
        await WaitingAsync(harness, id);
        await harness.Client.TerminateInstanceAsync(DeliveryIds.Instance(id, 1));
        await harness.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(id, 1));

        await harness.Get<DeliveryOutbox>().KeepAsync(CancellationToken.None);

        Assert.Equal(DeliveryStatus.Dead, (await harness.Deliveries.GetAsync(id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task RunDeleted_IsDeadAndSaysSo()
    {
        await using var harness = await RunHarness.StartAsync();
        await harness.Deliveries.CreateIfAbsentAsync(Troupe.Testing.Stores.SampleRecords.Delivery("gone", "d"), CancellationToken.None);
        await harness.Get<DeliveryOutbox>().KeepAsync(CancellationToken.None);

        var delivery = await EndAsync(harness, "d");

        Assert.Equal(DeliveryStatus.Dead, delivery.Status);
        Assert.Contains("deleted", delivery.Attempts[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Receiver.Messages);
    }

    private static ActivityContext Context { get; } = new("again", "test", CancellationToken.None);

    private static async Task<string> DeliveryOfARunAsync(RunHarness harness)
    {
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { CallbackUrl = new Uri("https://example.com") } });
        await harness.Client.WaitForInstanceCompletionAsync(run.Id);
        await harness.FollowedAsync();
        return Assert.Single((await harness.Deliveries.ListAsync(new DeliveryQuery { RunId = run.Id }, CancellationToken.None)).Items).Id;
    }

    /// <summary>Waits until the delivery waits after so many attempts, and returns how long it does from now.</summary>
    private static async Task<TimeSpan> WaitingAsync(RunHarness harness, string id, int attempts = 1)
    {
        await harness.TimerAsync(DeliveryIds.Instance(id, 1), attempts);
        var delivery = await harness.Deliveries.GetAsync(id, CancellationToken.None);
        Assert.Equal(DeliveryStatus.Pending, delivery!.Status);
        return delivery.NextAttemptAt!.Value - harness.Time.GetUtcNow();
    }

    private static async Task<DeliveryRecord> EndAsync(RunHarness harness, string id, int round = 1)
    {
        await harness.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(id, round));
        return (await harness.Deliveries.GetAsync(id, CancellationToken.None))!;
    }
}
