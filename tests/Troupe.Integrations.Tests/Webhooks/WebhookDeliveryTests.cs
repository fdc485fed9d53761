using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Troupe.Core.Deliveries;
using Troupe.Integrations.Tests.Support;

namespace Troupe.Integrations.Tests.Webhooks;

/// <summary>From a launch to a server that receives its webhook, over the real engine, stores and sockets.</summary>
public sealed class WebhookDeliveryTests : IDisposable
{
    private static readonly string Secret = "whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes("a key that only tests know of"));

    private readonly string _folder = Directory.CreateTempSubdirectory("troupe-webhooks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_ReceiverFailsTwice_IsDeliveredOnceSignedEachTime()
    {
        await using var receiver = await Receiver.StartAsync(static number => number <= 2 ? 500 : 200);
        await using var host = await EmbeddedHost.StartAsync(_folder, Secret);

        var delivery = await host.EndAsync((await host.RunAsync("hello", receiver.Url)).Id);

        Assert.Equal(DeliveryStatus.Delivered, delivery.Status);
        Assert.Equal([(500, "answer 1"), (500, "answer 2"), (200, "answer 3")], delivery.Attempts.Select(static attempt => (attempt.ResponseStatus!.Value, attempt.Response!)));
        Assert.Equal(3, receiver.All.Count);
        Assert.All(receiver.All, received =>
        {
            Assert.Equal(delivery.Id, received.Headers["webhook-id"]);
            Assert.Equal(Sign(received), received.Headers["webhook-signature"]);
            Assert.Equal(receiver.All[0].Body, received.Body);
        });
        var body = JsonElement.Parse(receiver.All[0].Body);
        Assert.Equal("task.completed", body.GetProperty("type").GetString());
        Assert.Equal(
            (delivery.TaskId, delivery.RunId, "completed", "hello"),
            (Data(body, "task_id"), Data(body, "workflow_id"), Data(body, "status"), Data(body, "result")));
    }

    [Fact]
    public async Task Run_ReceiverGone_IsDeadUntilRedelivered()
    {
        await using var receiver = await Receiver.StartAsync(static number => number == 1 ? 410 : 200);
        await using var host = await EmbeddedHost.StartAsync(_folder, Secret);
        var dead = await host.EndAsync((await host.RunAsync("hello", receiver.Url)).Id);
        Assert.Equal((DeliveryStatus.Dead, 1), (dead.Status, dead.Attempts.Count));

        await host.Get<DeliveryOutbox>().RedeliverAsync(dead.Id, CancellationToken.None);

        Assert.Equal(DeliveryStatus.Delivered, (await host.EndAsync(dead.Id, round: 2)).Status);
        Assert.Equal(receiver.All[0].Headers["webhook-id"], receiver.All[1].Headers["webhook-id"]);
    }

    [Fact]
    public async Task Run_HostStopsBetweenAttempts_IsDeliveredAfterTheNextStart()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var down = true;
        await using var receiver = await Receiver.StartAsync((_, response) =>
        {
            response.StatusCode = down ? 503 : 200;
            if (down)
                response.Headers.RetryAfter = "1";
            asked.TrySetResult();
            return Task.CompletedTask;
        });
        string id;
        await using (var host = await EmbeddedHost.StartAsync(_folder, Secret))
        {
            id = (await host.RunAsync("hello", receiver.Url)).Id;
            await asked.Task;
        }

        down = false;
        await using var next = await EmbeddedHost.StartAsync(_folder, Secret);

        Assert.Equal(DeliveryStatus.Delivered, (await next.EndAsync(id)).Status);
        Assert.Equal(id, receiver.All[^1].Headers["webhook-id"]);
    }

    private static string? Data(JsonElement body, string name) => body.GetProperty("data").GetProperty(name).GetString();

    private static string Sign(Received received)
    {
        var signed = Encoding.UTF8.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.{received.Body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), signed));
    }
}
