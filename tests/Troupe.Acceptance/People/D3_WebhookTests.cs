namespace Troupe.Acceptance.People;

/// <summary>A server of its own tells other systems of events.</summary>
public sealed class D3_WebhookTests : IAsyncLifetime
{
    private readonly OwnServer _server = new(WebhookReceiver.Settings);

    private Api Api => _server.Api;

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [EmbeddedFact]
    public async Task D3_KilledWhileTheReceiverIsDown_DeliversUnderTheSameId()
    {
        await using var receiver = new WebhookReceiver { Answer = static _ => 503 };
        await SubscribeAsync(receiver.Addresses[0], "task.completed");
        var run = (await Api.LaunchTaskAsync("instant")).Text("workflow_id");
        await Api.CompleteAsync(run);
        await ReceivedAsync(receiver, 1);

        await _server.KillAsync();
        receiver.Answer = static _ => 204;
        await _server.StartAsync();

        var delivered = await DeliveryAsync(run, "delivered");
        Assert.Equal([delivered.Text("id")], receiver.Received.Select(static message => message.Id).Distinct(StringComparer.Ordinal));
        Assert.Single(receiver.Received.Select(static message => message.Body).Distinct(StringComparer.Ordinal));
    }

    [EmbeddedFact]
    public async Task D3_KilledAtOnceAfterRunsEnded_TellsOfEachAllTheSame()
    {
        await using var receiver = new WebhookReceiver();
        await SubscribeAsync(receiver.Addresses[0], "task.completed");
        var launches = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Api.LaunchTaskAsync("instant")));
        await _server.RestartAsync();
        foreach (var launch in launches)
            await Api.CompleteAsync(launch.Text("workflow_id"));

        var told = await Eventually.SomeAsync(() =>
        {
            var ids = receiver.Received.Select(static message => message.Id).Distinct(StringComparer.Ordinal).ToList();
            return Task.FromResult(ids.Count == 40 ? ids : null);
        });
        Assert.Equal(40, told.Count);
    }

    [EmbeddedFact]
    public async Task D3_DeadReceivers_DoNotHoldUpTheOthers()
    {
        await using var receiver = new WebhookReceiver(systems: 10);
        var dead = receiver.Addresses.Take(3).Select(static address => address.Port).ToHashSet();
        receiver.Answer = request => dead.Contains(request.Port) ? null : 204;
        foreach (var address in receiver.Addresses)
            await SubscribeAsync(address, "task.completed");
        var tasks = Enumerable.Range(0, 50).Select(static n => new { agent = "instant", prompt = $"{n}" });
        var batch = (await Api.PostAsync("batches", new { tasks, options = new { max_concurrency = 50 } })).Expect(HttpStatusCode.Accepted).Json.Text("workflow_id");
        await Api.CompleteAsync(batch);

        await Eventually.SomeAsync(() =>
        {
            var told = receiver.Received.Where(message => !dead.Contains(message.Port)).GroupBy(static message => message.Port).ToList();
            return Task.FromResult(told.Count == 7 && told.TrueForAll(static port => port.Count() == 50) ? told : null);
        });
        Assert.All(dead, port => Assert.InRange(receiver.Received.Count(message => message.Port == port), 0, 6));
    }

    [EmbeddedFact]
    public async Task D3_MoreSlowReceiversThanSlots_HoldUpNeitherRunsNorOthers()
    {
        _server.Settings["Troupe__Engine__MaxConcurrentActivities"] = "4";
        await _server.RestartAsync();
        await using var receiver = new WebhookReceiver(systems: 9);
        var good = receiver.Addresses[^1];
        receiver.Answer = request => request.Port == good.Port ? 204 : null;
        foreach (var address in receiver.Addresses)
            await SubscribeAsync(address, "task.completed");

        // Eight receivers hold a message and do not answer before the next runs are launched.
        await Api.CompleteAsync((await Api.LaunchTaskAsync("instant")).Text("workflow_id"));
        await ReceivedAsync(receiver, 9);
        for (var n = 0; n < 5; n++)
            await Api.CompleteAsync((await Api.LaunchTaskAsync("instant")).Text("workflow_id"));

        await Eventually.SomeAsync(() => Task.FromResult(receiver.Received.Count(message => message.Port == good.Port) == 6 ? receiver.Received : null));
        Assert.All(receiver.Addresses.SkipLast(1), slow => Assert.InRange(receiver.Received.Count(message => message.Port == slow.Port), 1, 2));
    }

    private async Task<JsonElement> SubscribeAsync(Uri url, string type) =>
        (await Api.PostAsync("webhook-subscriptions", new { url, types = new[] { type } })).Expect(HttpStatusCode.Created).Json;

    private static Task<IReadOnlyList<WebhookRequest>> ReceivedAsync(WebhookReceiver receiver, int count) =>
        Eventually.SomeAsync(() => Task.FromResult(receiver.Received.Count >= count ? receiver.Received : null));

    private Task<JsonElement> DeliveryAsync(string run, string status) => Eventually.ValueAsync(async () =>
    {
        var items = (await Api.GetAsync($"webhook-deliveries?workflow_id={run}&status={status}")).Expect(HttpStatusCode.OK).Json.GetProperty("items");
        return items.GetArrayLength() == 1 ? items[0] : null;
    });
}
