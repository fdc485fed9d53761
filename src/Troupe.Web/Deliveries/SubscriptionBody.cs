using Troupe.Core.Deliveries.Subscriptions;

namespace Troupe.Web.Deliveries;

/// <summary>A subscription as anybody who may read it sees it.</summary>
/// <param name="Secret">Only in the answer that made it.</param>
/// <param name="OldSecretExpiresAt">While two sign: when the older one stops.</param>
internal sealed record SubscriptionBody(
    string Id,
    Uri Url,
    string? Description,
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Workflows,
    bool Enabled,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset SecretCreatedAt,
    DateTimeOffset? OldSecretExpiresAt,
    string? Secret)
{
    public static SubscriptionBody Of(WebhookSubscription subscription) => Of(subscription, null);

    public static SubscriptionBody WithSecret(WebhookSubscription subscription) => Of(subscription, subscription.Secrets[0].Text);

    private static SubscriptionBody Of(WebhookSubscription subscription, string? secret) => new(
        subscription.Id,
        subscription.Url,
        subscription.Description,
        subscription.Types,
        subscription.Tags,
        subscription.Workflows,
        subscription.Enabled,
        subscription.CreatedAt,
        subscription.CreatedBy,
        subscription.Secrets[0].CreatedAt,
        subscription.Secrets.Count > 1 ? subscription.Secrets[1].ExpiresAt : null,
        secret);
}
