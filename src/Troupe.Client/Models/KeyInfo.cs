namespace Troupe.Client;

/// <summary>A key of a server, without its text.</summary>
public sealed record KeyInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>reader</c>, <c>operator</c>, <c>approver</c>, <c>admin</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The user it speaks for.</summary>
    public required string Owner { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>The text that opens the server; only in the answer to the key's creation.</summary>
    public string? Key { get; init; }
}

/// <summary>A key to be made.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Roles">At least one.</param>
/// <param name="Owner">The user it speaks for; the caller's where null.</param>
/// <param name="Expires">A duration such as <c>90d</c>; null for never.</param>
public sealed record KeyRequest(
    string Name, IReadOnlyList<string> Roles, string? Owner = null, IReadOnlyList<string>? Groups = null, string? Expires = null);
