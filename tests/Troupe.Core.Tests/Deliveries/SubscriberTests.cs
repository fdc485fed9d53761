using Troupe.Core.Definitions;
using Troupe.Core.Deliveries;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Launching;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Deliveries;

/// <summary>Who is told of what.</summary>
public sealed class SubscriberTests
{
    private static readonly Uri Hook = new("https://example.com/hook");

    [Fact]
    public async Task SingleTask_IsToldOfAsATask()
    {
        await using var harness = await RunHarness.StartAsync();
        var subscription = await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["*"], null, null, null));
        var run = await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p" });

        var deliveries = await DeliveriesAsync(harness);

        Assert.Equal(["task.completed", "task.started"], deliveries.Select(static delivery => delivery.Type).Order(StringComparer.Ordinal));
        Assert.All(deliveries, delivery => Assert.Equal((subscription.Id, $"{run}:task", Hook), (delivery.SubscriptionId, delivery.TaskId, delivery.Url)));
        await harness.UntilSentAsync(2);
        Assert.All(harness.Receiver.Messages, message => Assert.Equal(subscription.Secrets[0].Text, Assert.Single(message.Secrets)));
    }

    [Theory]
    [InlineData("workflow.completed", "workflow.completed")]
    [InlineData("task.*", "task.completed,task.started")]
    [InlineData("phase.*", "phase.completed,phase.started")]
    [InlineData("approval.requested", "")]
    public async Task Types_ChooseWhatIsTold(string pattern, string types)
    {
        await using var harness = await RunHarness.StartAsync();
        await SubscribeAsync(harness, new SubscriptionFields(Hook, null, [pattern], null, null, null));
        await RunAsync(harness, Workflow());
        Assert.Equal(types, string.Join(',', (await DeliveriesAsync(harness)).Select(static delivery => delivery.Type).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("nightly", null, 1)]
    [InlineData("other", null, 0)]
    [InlineData(null, "w", 1)]
    [InlineData(null, "v", 0)]
    [InlineData("nightly", "v", 0)]
    public async Task TagsAndWorkflows_ChooseRuns(string? tag, string? workflow, int told)
    {
        await using var harness = await RunHarness.StartAsync();
        await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["workflow.completed"], tag is null ? null : [tag, "more"], workflow is null ? null : [workflow], null));
        await RunAsync(harness, Workflow() with { Options = new RunOptions { Tags = ["nightly"] } });
        Assert.Equal(told, (await DeliveriesAsync(harness)).Count);
    }

    [Fact]
    public async Task Disabled_IsToldNothing_UntilItIsEnabled()
    {
        await using var harness = await RunHarness.StartAsync();
        var subscription = await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["task.completed"], null, null, false));
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p" });
        Assert.Empty(await DeliveriesAsync(harness));

        await harness.Get<WebhookSubscriptions>().ChangeAsync(subscription.Id, new SubscriptionFields(null, null, null, null, null, true), CancellationToken.None);
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p" });

        Assert.Single(await DeliveriesAsync(harness));
    }

    [Fact]
    public async Task TwoSubscribersAndACallbackUrl_GetOneEach()
    {
        await using var harness = await RunHarness.StartAsync();
        await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["task.completed"], null, null, null));
        await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["task.completed"], null, null, null));
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { CallbackUrl = Hook } });

        Assert.Equal(3, (await DeliveriesAsync(harness)).Select(static delivery => delivery.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Rotate_OldSecretSignsUntilItExpires()
    {
        await using var harness = await RunHarness.StartAsync();
        var first = await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["*"], null, null, null));
        var second = (await harness.Get<WebhookSubscriptions>().RotateAsync(first.Id, null, CancellationToken.None))!;
        var third = (await harness.Get<WebhookSubscriptions>().RotateAsync(first.Id, null, CancellationToken.None))!;

        Assert.Equal([third.Secrets[0].Text, second.Secrets[0].Text], third.KeysAt(harness.Time.GetUtcNow()));
        Assert.Equal([third.Secrets[0].Text], third.KeysAt(harness.Time.GetUtcNow().AddDays(1)));
        Assert.All(third.Secrets, static secret => Assert.NotNull(WebhookSecret.TryParse(secret.Text)));
    }

    [Fact]
    public async Task RedeliverDead_OfOneSubscription_LeavesTheOthers()
    {
        await using var harness = await RunHarness.StartAsync();
        harness.Receiver.Script = static _ => ScriptedReceiver.Gone();
        var mine = await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["task.*"], null, null, null));
        await SubscribeAsync(harness, new SubscriptionFields(Hook, null, ["task.*"], null, null, null));
        await RunAsync(harness, new TaskLaunch { Agent = "x", Prompt = "p" });
        foreach (var delivery in await DeliveriesAsync(harness)) await harness.Client.WaitForInstanceCompletionAsync(DeliveryIds.Instance(delivery.Id, 1));

        Assert.Equal((1, true), await harness.Get<DeliveryOutbox>().RedeliverDeadAsync(null, mine.Id, 1, CancellationToken.None));
        await harness.UntilSentAsync(5);
        var rounds = await DeliveriesAsync(harness);
        Assert.Equal(1, rounds.Count(delivery => delivery.Round == 2 && delivery.SubscriptionId == mine.Id));
        Assert.Equal(3, rounds.Count(static delivery => delivery.Round == 1));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("task.*", true)]
    [InlineData("task.completed", true)]
    [InlineData("task.", false)]
    [InlineData("task", false)]
    [InlineData("nothing.*", false)]
    [InlineData("run.completed", false)]
    public void IsPattern_Type_IsKnownOrNot(string text, bool known) => Assert.Equal(known, WebhookTypes.IsPattern(text));

    private static async Task<WebhookSubscription> SubscribeAsync(RunHarness harness, SubscriptionFields fields) =>
        (await harness.Get<WebhookSubscriptions>().AddAsync(fields, null, RunHarness.Ann, CancellationToken.None))!;

    private static async Task<string> RunAsync(RunHarness harness, Launch launch)
    {
        var run = await harness.LaunchAsync(launch);
        await harness.EndAsync(run.Id);
        return run.Id;
    }

    private static async Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(RunHarness harness)
    {
        await harness.FollowedAsync();
        return (await harness.Deliveries.ListAsync(new DeliveryQuery(), CancellationToken.None)).Items;
    }

    private static WorkflowLaunch Workflow() => new()
    {
        Definition = System.Text.Json.JsonSerializer.SerializeToElement(new { name = "w", phases = new object[] { new { id = "p", tasks = new object[] { new { id = "t", agent = "x", prompt = "p" } } } } }),
    };
}
