using System.Globalization;
using System.Security.Cryptography;

namespace Troupe.Acceptance.People;

/// <summary>What receivers do who check messages with the public library of Standard Webhooks.</summary>
[Trait("Host", "Embedded")]
public sealed class D3_SignatureTests : IAsyncLifetime
{
    private readonly OwnServer _server = new(WebhookReceiver.Settings);
    private readonly WebhookReceiver _receiver = new();

    private Api Api => _server.Api;

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [NodeFact]
    public async Task D3_StandardLibrary_TakesWhatWasSentAndNothingElse()
    {
        var secret = (await SubscribeAsync()).Text("secret");
        var got = StandardWebhooks.Message.Of(await ReceiveAsync("Grüße, 世界 🌍 \u2028"), secret);
        var sent = long.Parse(got.Headers["webhook-timestamp"], CultureInfo.InvariantCulture);

        var said = await StandardWebhooks.VerifyAsync(
            got,
            got with { Body = got.Body.Replace("task.completed", "task.failed", StringComparison.Ordinal) },
            got with { Body = got.Body + " " },
            got with { Secret = NewSecret() },
            got with { Ahead = 360 },
            got with { Ahead = -900 },
            got with { Ahead = 100 },
            got.With("webhook-timestamp", (sent + 1).ToString(CultureInfo.InvariantCulture)),
            got.With("webhook-id", "another"),
            got.With("webhook-signature", ""));

        Assert.Equal("Grüße, 世界 🌍 \u2028", said[0].Payload!.Value.GetProperty("data").Text("result"));
        Assert.Equal(
            [
                null, Mismatch, Mismatch, Mismatch, "Message timestamp too old", "Message timestamp too new", null, Mismatch, Mismatch, "Missing required headers",
            ],
            said.Select(static one => one.Error));
    }

    [NodeFact]
    public async Task D3_StandardLibrary_TakesBothSecretsWhileOneIsRotated()
    {
        var first = await SubscribeAsync();
        var second = (await Api.PostAsync($"webhook-subscriptions/{first.Text("id")}/rotate")).Expect(HttpStatusCode.OK).Json.Text("secret");
        var got = await ReceiveAsync("rotated");
        var third = (await Api.PostAsync($"webhook-subscriptions/{first.Text("id")}/rotate")).Expect(HttpStatusCode.OK).Json.Text("secret");

        var said = await StandardWebhooks.VerifyAsync(
            StandardWebhooks.Message.Of(got, first.Text("secret")), StandardWebhooks.Message.Of(got, second), StandardWebhooks.Message.Of(got, third));

        Assert.Equal(2, got.Signature!.Split(' ').Length);
        Assert.Equal([null, null, Mismatch], said.Select(static one => one.Error));
    }

    private const string Mismatch = "No matching signature found";

    private async Task<JsonElement> SubscribeAsync() =>
        (await Api.PostAsync("webhook-subscriptions", new { url = _receiver.Addresses[0], types = new[] { "task.completed" } })).Expect(HttpStatusCode.Created).Json;

    private async Task<WebhookRequest> ReceiveAsync(string text)
    {
        await Api.CompleteAsync((await Api.LaunchTaskAsync("echo", text)).Text("workflow_id"));
        return await Eventually.SomeAsync(() => Task.FromResult(_receiver.Received is [var got] ? got : null));
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
