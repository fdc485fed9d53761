namespace Troupe.Core.Access;

/// <summary>A key as stored: who it speaks for and what it opens, never its text.</summary>
public sealed record ApiKey
{
    /// <summary>The part of the text that finds it; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, for people.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the text, lower-case hex. The text has 256 random bits, so that no slow hash is needed: there is nothing to guess from.</summary>
    public required string Hash { get; init; }

    /// <summary>As granted, without what they imply.</summary>
    public required Roles Roles { get; init; }

    /// <summary>The user it speaks for, whose runs are those it launches.</summary>
    public required string Owner { get; init; }

    /// <summary>Groups the user is in, such as <c>leads</c>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>From then on it opens nothing; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To about a minute; null where it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>The id of the key that a browser exchanged for this one; null for a key proper. It opens what that key opens, while that key does.</summary>
    public string? SessionOf { get; init; }

    /// <summary>Whether it is a session that opens nothing any more.</summary>
    public bool IsEndedSession(DateTimeOffset now) => SessionOf is not null && !IsLive(now);

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}
