namespace Troupe.Acceptance.People;

/// <summary>Subscribers are told of the runs that they ask for, whichever instance of a host launches, runs and tells.</summary>
public sealed class D3_SubscriberTests : IAsyncLifetime
{
    private readonly ConfiguredServer _server = new(WebhookReceiver.Settings);
    private readonly string _tag = $"told-{Guid.NewGuid():n}"[..16];
    private readonly List<string> _subscriptions = [];

    private Api Api => _server.Api;

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var id in _subscriptions)
            await Api.DeleteAsync($"webhook-subscriptions/{id}");
        await _server.DisposeAsync();
    }

    [ConfiguredFact]
    public async Task D3_Subscriber_IsToldOfEachEventOnce_Signed()
    {
        await using var receiver = new WebhookReceiver();
        var subscription = await SubscribeAsync(receiver, "task.*");
        await RunAsync("echo", "hello");

        var told = await ReceivedAsync(receiver, 2);

        Assert.Equal(["task.completed", "task.started"], told.Select(static message => message.Type).Order(StringComparer.Ordinal));
        Assert.All(told, message => Assert.True(message.IsSignedBy(subscription.Text("secret"))));
        Assert.Equal("hello", told.Single(static message => message.Type == "task.completed").Json.GetProperty("data").Text("result"));
    }

    [ConfiguredFact]
    public async Task D3_RotatedSecret_BothSignUntilTheOldOneExpires()
    {
        await using var receiver = new WebhookReceiver();
        var first = await SubscribeAsync(receiver, "task.completed");
        var second = (await Api.PostAsync($"webhook-subscriptions/{first.Text("id")}/rotate")).Expect(HttpStatusCode.OK).Json;
        await RunAsync("instant");

        var message = Assert.Single(await ReceivedAsync(receiver, 1));

        Assert.True(message.IsSignedBy(first.Text("secret")));
        Assert.True(message.IsSignedBy(second.Text("secret")));
    }

    [ConfiguredFact]
    public async Task D3_GivenUp_IsListedShownAndSentAgain()
    {
        await using var receiver = new WebhookReceiver { Answer = static _ => 410 };
        await SubscribeAsync(receiver, "task.completed");
        var run = await RunAsync("instant");
        var dead = await DeliveryAsync(run, "dead");
        var shown = (await Api.GetAsync($"webhook-deliveries/{dead.Text("id")}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(410, shown.GetProperty("attempts")[0].GetProperty("response_status").GetInt32());
        Assert.Equal(run, shown.GetProperty("data").Text("workflow_id"));

        receiver.Answer = static _ => 204;
        var again = (await Api.PostAsync("webhook-deliveries/redeliver", new { workflow_id = run })).Expect(HttpStatusCode.Accepted).Json;

        Assert.Equal(1, again.GetProperty("redelivered").GetInt32());
        await DeliveryAsync(run, "delivered");
    }

    [ConfiguredFact]
    public async Task D3_SubscriptionDeleted_IsToldNothingMore()
    {
        await using var receiver = new WebhookReceiver();
        var gone = await SubscribeAsync(receiver, "task.completed");
        (await Api.DeleteAsync($"webhook-subscriptions/{gone.Text("id")}")).ExpectSuccess();
        await using var other = new WebhookReceiver();
        await SubscribeAsync(other, "task.completed");

        await RunAsync("instant");

        await ReceivedAsync(other, 1);
        Assert.Empty(receiver.Received);
    }

    private async Task<JsonElement> SubscribeAsync(WebhookReceiver receiver, string type)
    {
        var made = (await Api.PostAsync("webhook-subscriptions", new { url = receiver.Addresses[0], types = new[] { type }, tags = new[] { _tag } }))
            .Expect(HttpStatusCode.Created).Json;
        _subscriptions.Add(made.Text("id"));
        return made;
    }

    private async Task<string> RunAsync(string agent, string prompt = "x")
    {
        var run = (await Api.LaunchTaskAsync(agent, prompt, new { tags = new[] { _tag } })).Text("workflow_id");
        await Api.CompleteAsync(run);
        return run;
    }

    private static Task<IReadOnlyList<WebhookRequest>> ReceivedAsync(WebhookReceiver receiver, int count) =>
        Eventually.SomeAsync(() => Task.FromResult(receiver.Received.Count >= count ? receiver.Received : null));

    private Task<JsonElement> DeliveryAsync(string run, string status) => Eventually.ValueAsync(async () =>
    {
        var items = (await Api.GetAsync($"webhook-deliveries?workflow_id={run}&status={status}")).Expect(HttpStatusCode.OK).Json.Items();
        return items.Count == 1 ? items[0] : null;
    });
}
