namespace Troupe.Acceptance.People;

/// <summary>A server of its own tells users of what happens in their runs.</summary>
public sealed class D4_NotificationTests : IAsyncLifetime
{
    private readonly OwnServer _server = new(WebhookReceiver.Settings);

    private Api Api => _server.Api;

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [EmbeddedFact]
    public async Task D4_Workflow_IsToldOfAndAcknowledged()
    {
        var run = await Api.LaunchAsync(new { name = "told", phases = new object[] { new { id = "a", title = "Alpha", tasks = new[] { new { id = "t", agent = "instant", prompt = "x" } } } } });
        await Api.CompleteAsync(run);
        var list = await Eventually.ValueAsync(async () => await ListAsync($"workflow_id={run}") is var found && found.Items().Count == 3 ? found : null);

        Assert.Equal(["phase_complete", "phase_start", "task_complete"], list.Items().Select(static one => one.Text("type")).Order(StringComparer.Ordinal));
        Assert.Equal(3, list.GetProperty("unread_count").GetInt32());
        var read = (await Api.PostAsync($"notifications/{list.Items()[0].Text("id")}/ack")).Expect(HttpStatusCode.OK).Json;
        Assert.True(read.GetProperty("delivered").GetBoolean());
        Assert.Equal(2, (await ListAsync("unread=true")).Items().Count);
        Assert.Equal(0, (await Api.PostAsync("notifications/ack")).Expect(HttpStatusCode.OK).Json.GetProperty("unread_count").GetInt32());
    }

    [EmbeddedFact]
    public async Task D4_KilledBetweenEventAndDelivery_TellsUnderTheSameId()
    {
        await using var receiver = new WebhookReceiver { Answer = static _ => 503 };
        (await Api.PutAsync("notification-preferences", JsonSerializer.Serialize(new { webhook_url = receiver.Addresses[0] }), "application/json")).Expect(HttpStatusCode.OK);
        var launches = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Api.LaunchTaskAsync("instant")));

        await _server.KillAsync();
        receiver.Answer = static _ => 204;
        await _server.StartAsync();

        foreach (var launch in launches)
        {
            var run = launch.Text("workflow_id");
            await Api.CompleteAsync(run);
            var told = await Eventually.ValueAsync(async () => (await ListAsync($"workflow_id={run}")).Items() is [var one] && one.GetProperty("delivered").GetBoolean() ? one : null);
            var messages = receiver.Received.Where(message => message.Json.GetProperty("data").Text("workflow_id") == run).ToList();
            Assert.Equal("notification.task_complete", messages[0].Type);
            Assert.Equal(told.Text("id"), messages[0].Json.GetProperty("data").GetProperty("notification").Text("id"));
            Assert.Single(messages.Select(static message => message.Id).Distinct(StringComparer.Ordinal));
        }
    }

    private async Task<JsonElement> ListAsync(string query) => (await Api.GetAsync($"notifications?{query}")).Expect(HttpStatusCode.OK).Json;
}
