using System.Collections.Concurrent;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Core.Tests.Support;

/// <summary>The other side of webhooks, whose answers a test writes; without a script it takes everything.</summary>
internal sealed class ScriptedReceiver : IWebhookSender
{
    private readonly ConcurrentQueue<WebhookMessage> _taken = new();

    public Func<WebhookMessage, WebhookAnswer> Script { get; set; } = static _ => Ok();

    public IReadOnlyList<WebhookMessage> Messages => [.. _taken];

    public Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        _taken.Enqueue(message);
        return Task.FromResult(Script(message));
    }

    public static WebhookAnswer Ok() => new(200, "thanks", null);

    public static WebhookAnswer Busy(TimeSpan? retryAfter = null) =>
        new(503, "busy", new Failure(FailureKinds.DeliveryFailed, "answered 503", Retryable: true, retryAfter));

    public static WebhookAnswer Gone() => new(410, "", new Failure(FailureKinds.DeliveryFailed, "answered 410"));
}
