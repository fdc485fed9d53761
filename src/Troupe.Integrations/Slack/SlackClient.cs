using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Http;
using Troupe.Core.Records;

namespace Troupe.Integrations.Slack;

/// <summary>Calls Slack. Addresses that are secrets, and the token, appear in no answer and no message of a failure.</summary>
internal sealed class SlackClient(GuardedHttp http, IOptions<SlackOptions> options)
{
    private const int MaxAnswer = 64 << 10;

    private readonly SlackOptions _options = options.Value;

    /// <summary>Writes as the bot: to a member, or into a channel.</summary>
    public Task<WebhookAnswer> PostAsync(JsonElement message, CancellationToken cancellationToken) =>
        SendAsync(new Uri(_options.ApiUrl, "chat.postMessage"), message, _options.BotToken, cancellationToken);

    /// <summary>Writes as the bot into a channel, for one member's eyes.</summary>
    public Task<WebhookAnswer> WhisperAsync(JsonElement message, CancellationToken cancellationToken) => string.IsNullOrEmpty(_options.BotToken)
        ? Task.FromResult(Failed($"{SlackOptions.Section}:BotToken is not set, so that mentions cannot be answered.", isPassing: false))
        : SendAsync(new Uri(_options.ApiUrl, "chat.postEphemeral"), message, _options.BotToken, cancellationToken);

    /// <summary>Writes into the channel of the incoming webhook.</summary>
    public Task<WebhookAnswer> PostToWebhookAsync(JsonElement message, CancellationToken cancellationToken) =>
        SendAsync(_options.IncomingWebhookUrl!, message, null, cancellationToken);

    /// <summary>Answers late. Nothing is sent to addresses that are not Slack's.</summary>
    public Task<WebhookAnswer> RespondAsync(Uri responseUrl, JsonElement message, CancellationToken cancellationToken) => IsResponseUrl(responseUrl)
        ? SendAsync(responseUrl, message, null, cancellationToken)
        : Task.FromResult(Failed("The address for late answers is not Slack's; nothing was sent.", isPassing: false));

    /// <summary>Compared part by part: neither user names nor other hosts that begin alike pass.</summary>
    public bool IsResponseUrl(Uri url) =>
        url.IsAbsoluteUri && url.UserInfo.Length == 0
        && Uri.Compare(url, _options.ResponseUrl, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0
        && url.AbsolutePath.StartsWith(_options.ResponseUrl.AbsolutePath, StringComparison.Ordinal);

    private async Task<WebhookAnswer> SendAsync(Uri url, JsonElement message, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message.GetRawText())) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return Judge(await http.SendAsync(request, MaxAnswer, cancellationToken));
        }
        catch (OutgoingRefusedException)
        {
            return new WebhookAnswer(null, null, new Failure(FailureKinds.AddressRefused, $"{url.Host} may not be called; allow it in {OutgoingOptions.Section}."));
        }
        catch (TimeoutException)
        {
            return Failed("Slack did not answer in time.", isPassing: true);
        }
        catch (HttpRequestException)
        {
            return Failed("Slack could not be reached.", isPassing: true);
        }
    }

    private static WebhookAnswer Judge(GuardedResponse response)
    {
        var status = (int)response.Status;
        if (!response.IsSuccess)
        {
            var passing = response.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || status >= 500;
            return new WebhookAnswer(status, null, new Failure(FailureKinds.DeliveryFailed, $"Slack answered {status}.", passing, response.RetryAfter));
        }

        return ErrorOf(response.Body) is { } error
            ? new WebhookAnswer(status, error, new Failure(FailureKinds.DeliveryFailed, $"Slack answered '{error}'.", error is "ratelimited" or "internal_error" or "fatal_error"))
            : new WebhookAnswer(status, null, null);
    }

    /// <summary>The Web API answers 200 with <c>ok: false</c>; webhooks answer with a word.</summary>
    private static string? ErrorOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("ok", out var ok) || ok.ValueKind != JsonValueKind.False)
                return null;
            var error = root.TryGetProperty("error", out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "unknown";
            return error.Length <= 100 ? error : error[..100];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static WebhookAnswer Failed(string message, bool isPassing) => new(null, null, new Failure(FailureKinds.DeliveryFailed, message, isPassing));
}
