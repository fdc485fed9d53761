using Troupe.Core.Records;

namespace Troupe.Core.Deliveries;

/// <summary>Sends a webhook once.</summary>
public interface IWebhookSender
{
    /// <summary>Whatever the other side does is in the answer; what it throws is a bug, or <see cref="OperationCanceledException"/>.</summary>
    Task<WebhookAnswer> SendAsync(WebhookMessage message, CancellationToken cancellationToken);
}

/// <param name="Id">The same for every attempt.</param>
/// <param name="Url">Where to.</param>
/// <param name="Type">For example <c>task.completed</c>.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">What happened.</param>
/// <param name="Secrets">Each signs it; none where it is not signed.</param>
public sealed record WebhookMessage(string Id, Uri Url, string Type, DateTimeOffset Time, WebhookData Data, IReadOnlyList<string> Secrets);

/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="Body">The first KiB of the answer's body.</param>
/// <param name="Failure">Null where the message was taken. What is not retryable is given up at once.</param>
public sealed record WebhookAnswer(int? Status, string? Body, Failure? Failure);
