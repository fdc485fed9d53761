namespace Troupe.Web.Keys;

/// <summary>A key, without its text.</summary>
internal sealed record KeyBody(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    string Owner,
    IReadOnlyList<string> Groups,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    string? RevokedBy)
{
    /// <summary>The text, told once, to whoever made the key.</summary>
    public string? Key { get; init; }

    public static KeyBody Of(ApiKey key) => new(
        key.Id,
        key.Name,
        key.Roles.Words(),
        key.Owner,
        key.Groups,
        key.CreatedAt,
        key.CreatedBy,
        key.ExpiresAt,
        key.LastUsedAt,
        key.RevokedAt,
        key.RevokedBy);
}
