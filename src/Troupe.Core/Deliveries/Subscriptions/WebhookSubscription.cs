namespace Troupe.Core.Deliveries.Subscriptions;

/// <summary>An address that is told of events of all runs.</summary>
public sealed record WebhookSubscription
{
    public required string Id { get; init; }

    public required Uri Url { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Types such as <c>task.failed</c>; <c>task.*</c> is every type that begins so, <c>*</c> is every one.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Only runs with one of these tags; empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only runs of these workflows, by name; empty for all.</summary>
    public IReadOnlyList<string> Workflows { get; init; } = [];

    /// <summary>While false nothing new is sent; what is on its way goes on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Newest first. Messages are signed with each that has not expired.</summary>
    public required IReadOnlyList<SubscriptionSecret> Secrets { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Whether events of that type are wanted.</summary>
    public bool Wants(string type) => Enabled && Types.Any(pattern => pattern == "*" || pattern == type
        || (pattern.EndsWith(".*", StringComparison.Ordinal) && type.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)));

    /// <summary>Whether events of such a run are wanted.</summary>
    public bool Covers(string name, IReadOnlyList<string> tags) =>
        (Workflows.Count == 0 || Workflows.Contains(name, StringComparer.Ordinal))
        && (Tags.Count == 0 || Tags.Intersect(tags, StringComparer.Ordinal).Any());

    /// <summary>The keys that sign at that time.</summary>
    public IReadOnlyList<string> KeysAt(DateTimeOffset now) =>
        [.. Secrets.Where(secret => secret.ExpiresAt is null || secret.ExpiresAt > now).Select(static secret => secret.Text)];
}

/// <param name="Text">As <see cref="WebhookSecret"/> says.</param>
/// <param name="ExpiresAt">Null for the current one.</param>
public sealed record SubscriptionSecret(string Text, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null);
