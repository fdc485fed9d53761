using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Troupe.Core.Deliveries;
using Troupe.Core.Http;
using Troupe.Core.Json;
using Troupe.Core.Records;

namespace Troupe.Integrations.Webhooks;

/// <summary>Sends webhooks over HTTP, in the form of Standard Webhooks, signed with each of their secrets.</summary>
internal sealed class WebhookSender(GuardedHttp http, TimeProvider time) : IWebhookSender
{
    private const int MaxAnswer = 1 << 10;

    private static readonly ProductInfoHeaderValue UserAgent = new("Troupe", typeof(WebhookSender).Assembly.GetName().Version?.ToString(3));

    public async Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Compose(message);
            return Judge(message.Url, await http.SendAsync(request, MaxAnswer, cancellationToken));
        }
        catch (OutgoingRefusedException e)
        {
            return new WebhookAnswer(null, null, new Failure(FailureKinds.AddressRefused, e.Message));
        }
        catch (TimeoutException e)
        {
            return new WebhookAnswer(null, null, new Failure(FailureKinds.TimedOut, e.Message, Retryable: true));
        }
        catch (HttpRequestException e)
        {
            return new WebhookAnswer(null, null, new Failure(FailureKinds.DeliveryFailed, $"{message.Url.Authority} could not be reached: {e.Message}", Retryable: true));
        }
    }

    private HttpRequestMessage Compose(WebhookMessage message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookBody(message.Type, message.Time.UtcDateTime, message.Data), TroupeJson.Options);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        var keys = message.Secrets.Select(WebhookSecret.TryParse).OfType<byte[]>();
        if (string.Join(' ', keys.Select(key => WebhookSigner.Sign(key, message.Id, timestamp, body))) is { Length: > 0 } signatures)
            request.Headers.Add("webhook-signature", signatures);
        return request;
    }

    private static WebhookAnswer Judge(Uri url, GuardedResponse response)
    {
        var status = (int)response.Status;
        var text = Encoding.UTF8.GetString(response.Body.Span);
        if (response.IsSuccess)
            return new WebhookAnswer(status, text, null);
        var message = status switch
        {
            410 => $"{url.Authority} answered 410: it wants no more webhooks.",
            >= 300 and < 400 => $"{url.Authority} answered {status}, a redirect, which is not followed. Give the final address.",
            _ => $"{url.Authority} answered {status} instead of 2xx.",
        };
        return new WebhookAnswer(status, text, new Failure(FailureKinds.DeliveryFailed, message, status != 410, response.RetryAfter));
    }

    private sealed record WebhookBody(string Type, DateTime Timestamp, WebhookData Data);
}
