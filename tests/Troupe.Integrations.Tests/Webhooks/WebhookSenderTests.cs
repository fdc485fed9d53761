using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Troupe.Core;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;
using Troupe.Integrations.Tests.Support;
using Troupe.Testing;

namespace Troupe.Integrations.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task SendAsync_Message_IsAsTheContractSays()
    {
        await using var receiver = await Receiver.StartAsync(static _ => 204);
        await using var services = Services(("Troupe:Webhooks:Secret", Secret));

        var answer = await SendAsync(services, receiver.Url);

        Assert.Equal((204, null), (answer.Status, answer.Failure));
        var got = Assert.Single(receiver.All);
        Assert.Equal(("POST", "/hook", "application/json"), (got.Method, got.Path, got.Headers["content-type"]));
        Assert.Equal(
            """{"type":"task.completed","timestamp":"2030-01-01T00:00:00Z","data":{"task_id":"r:task","status":"completed","workflow_id":"r","sequence":3,"kind":"task","name":"Say \"hi\"","created_at":"2030-01-01T00:00:00Z","result":{"n":1},"usage":{"input_tokens":1,"output_tokens":2},"tags":["nightly"],"metadata":{}}}""",
            got.Body);
        Assert.Equal("the-id", got.Headers["webhook-id"]);
        Assert.Equal("1893456000", got.Headers["webhook-timestamp"]);
        var signed = Encoding.UTF8.GetBytes($"the-id.1893456000.{got.Body}");
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret[6..]), signed)), got.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task SendAsync_NoSecret_IsNotSigned()
    {
        await using var receiver = await Receiver.StartAsync(static _ => 200);
        await using var services = Services();
        await SendAsync(services, receiver.Url);
        Assert.False(Assert.Single(receiver.All).Headers.ContainsKey("webhook-signature"));
    }

    [Theory]
    [InlineData(200, null, false)]
    [InlineData(299, null, false)]
    [InlineData(301, "redirect", true)]
    [InlineData(308, "redirect", true)]
    [InlineData(400, "answered 400", true)]
    [InlineData(404, "answered 404", true)]
    [InlineData(410, "no more webhooks", false)]
    [InlineData(429, "answered 429", true)]
    [InlineData(500, "answered 500", true)]
    public async Task SendAsync_Status_IsJudged(int status, string? problem, bool retryable)
    {
        await using var receiver = await Receiver.StartAsync((_, response) =>
        {
            response.StatusCode = status;
            response.Headers.Location = "http://169.254.169.254/";
            return Task.CompletedTask;
        });
        await using var services = Services();

        var answer = await SendAsync(services, receiver.Url);

        Assert.Equal(status, answer.Status);
        Assert.Equal(retryable, answer.Failure?.Retryable ?? false);
        if (problem is null)
            Assert.Null(answer.Failure);
        else
            Assert.Contains(problem, answer.Failure!.Message, StringComparison.Ordinal);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task SendAsync_LongAnswer_IsCutAndItsRetryAfterTold()
    {
        await using var receiver = await Receiver.StartAsync(static async (_, response) =>
        {
            response.StatusCode = 503;
            response.Headers.RetryAfter = "120";
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 100_000)));
        });
        await using var services = Services();

        var answer = await SendAsync(services, receiver.Url);

        Assert.Equal((1024, TimeSpan.FromSeconds(120)), (answer.Body!.Length, answer.Failure!.RetryAfter));
    }

    [Fact]
    public async Task SendAsync_NotAllowed_IsGivenUpAndSaysHowToAllow()
    {
        await using var receiver = await Receiver.StartAsync(static _ => 200);
        await using var services = Services(allow: false);

        var answer = await SendAsync(services, receiver.Url);

        Assert.Equal((null, FailureKinds.AddressRefused, false), (answer.Status, answer.Failure!.Kind, answer.Failure.Retryable));
        Assert.Contains("Troupe:Outgoing:AllowHosts", answer.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task SendAsync_NobodyThere_IsRetried()
    {
        var receiver = await Receiver.StartAsync(static _ => 200);
        var url = receiver.Url;
        await receiver.DisposeAsync();
        await using var services = Services();

        var answer = await SendAsync(services, url);

        Assert.Equal((null, FailureKinds.DeliveryFailed, true), (answer.Status, answer.Failure!.Kind, answer.Failure.Retryable));
    }

    [Fact]
    public async Task SendAsync_NoAnswer_TimesOutAndIsRetried()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.StartAsync((_, _) =>
        {
            asked.SetResult();
            return release.Task;
        });
        await using var services = Services();
        var sending = SendAsync(services, receiver.Url);
        await asked.Task;

        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal((FailureKinds.TimedOut, true), ((await sending).Failure!.Kind, (await sending).Failure!.Retryable));
        release.SetResult();
    }

    [Theory]
    [InlineData("Troupe:Webhooks:Secret", "hunter2", "Troupe:Webhooks:Secret is not usable")]
    [InlineData("Troupe:Webhooks:MaxRetries", "99", "Troupe:Webhooks:MaxRetries is 99")]
    public async Task AddTroupeIntegrations_WrongOptions_AreNamed(string key, string value, string problem)
    {
        await using var services = Services((key, value));
        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<WebhookOptions>>().Value);
        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "https://web.example/", "https://web.example/")]
    [InlineData("https://hooks.example/", "https://web.example/", "https://hooks.example/")]
    [InlineData(null, null, null)]
    public async Task AddTroupeIntegrations_PublicUrl_IsTheWebsUnlessGiven(string? own, string? web, string? expected)
    {
        await using var services = Services(("Troupe:Webhooks:PublicUrl", own), ("Troupe:Web:PublicUrl", web));
        Assert.Equal(expected, services.GetRequiredService<IOptions<WebhookOptions>>().Value.PublicUrl?.AbsoluteUri);
    }

    private ServiceProvider Services(params (string Key, string? Value)[] settings) => Services(true, settings);

    private ServiceProvider Services(bool allow, params (string Key, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            .. settings.Where(static setting => setting.Value is not null).Select(static setting => KeyValuePair.Create(setting.Key, setting.Value)),
            .. allow ? [KeyValuePair.Create("Troupe:Outgoing:AllowNetworks:0", (string?)"127.0.0.1")] : Array.Empty<KeyValuePair<string, string?>>(),
        ]).Build();
        return new ServiceCollection().AddSingleton<TimeProvider>(_time).AddTroupeCore().AddTroupeIntegrations(configuration).BuildServiceProvider();
    }

    private static Task<WebhookAnswer> SendAsync(ServiceProvider services, Uri url)
    {
        var at = DateTime.Parse("2030-01-01T00:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var data = new WebhookData
        {
            TaskId = "r:task",
            Status = WorkStatus.Completed,
            WorkflowId = "r",
            Sequence = 3,
            Kind = RunKind.Task,
            Name = "Say \"hi\"",
            CreatedAt = at,
            Result = JsonElement.Parse("""{"n":1}"""),
            Usage = new Usage(1, 2),
            Tags = ["nightly"],
            Metadata = new Dictionary<string, JsonElement>(),
        };
        var secret = services.GetRequiredService<IOptions<WebhookOptions>>().Value.Secret;
        var message = new WebhookMessage("the-id", url, "task.completed", new DateTimeOffset(at), data, secret is null ? [] : [secret]);
        return services.GetRequiredService<IWebhookSender>().SendAsync(message, CancellationToken.None);
    }
}
