using Troupe.Core.Concurrency;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Durable;

namespace Troupe.Core.Tests.Concurrency;

/// <summary>Webhooks behind a gate, each receiver with a limit of its own.</summary>
public sealed class WebhookGateTests
{
    private static readonly string Gate = DurableConcurrencyGate.InstanceOf(ConcurrencyKeys.Webhooks);

    [Fact]
    public async Task Webhooks_AReceiverHasNoPlaceFree_WaitAndOthersDoNot()
    {
        await using var harness = await LimitedHarness.StartAsync(static limits => limits.WebhooksPerReceiver = 1);
        await harness.Get<IConcurrencyGate>().KeepAsync(CancellationToken.None);
        var busy = ConcurrencyKeys.WebhooksTo("busy.example.com");
        await TellAsync(harness, EnvelopeKinds.PermitAsked, new PermitAsk("another", 1, busy, ActivityPriority.Low));
        await harness.UntilGateAsync(Gate, static count => count.Held == 1);

        await EndAsync(harness, "https://busy.example.com");
        await harness.UntilGateAsync(Gate, static count => count.Waiting == 1);
        await EndAsync(harness, "https://quick.example.com");
        await harness.UntilSentAsync(1);
        Assert.Equal("quick.example.com", Assert.Single(harness.Receiver.Messages).Url.Host);

        await TellAsync(harness, EnvelopeKinds.PermitReturned, new ReturnedPermit("another", 1));
        await harness.UntilSentAsync(2);
        await harness.UntilGateAsync(Gate, static count => count is { Held: 0, Waiting: 0 });
    }

    private static Task TellAsync<T>(RunHarness harness, string kind, T data) =>
        harness.Client.RaiseEventAsync(Gate, "inbox", Envelope.Create(Guid.NewGuid().ToString(), kind, data));

    private static async Task EndAsync(RunHarness harness, string callback)
    {
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { CallbackUrl = new Uri(callback) } });
        await harness.EndAsync(run.Id);
        await harness.FollowedAsync();
    }
}
