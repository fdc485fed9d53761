namespace Troupe.Core.Artifacts;

/// <summary>Where large values live, each under the SHA-256 of its bytes. What is put is durable and never changes.</summary>
public interface IArtifactStore
{
    /// <summary>Stores the bytes (at most <see cref="ArtifactLimits.MaxLength"/>) and returns their reference. Putting the same again is free.</summary>
    /// <exception cref="ArtifactTooLargeException">The content is longer than the limit; nothing is kept of it.</exception>
    Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken);

    /// <summary>Opens an artifact for reading, or null where none has that hash (an ill-formed hash included).</summary>
    Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken);
}

/// <param name="Hash">SHA-256 of the bytes, 64 lower-case hex digits.</param>
/// <param name="Length">In bytes.</param>
/// <param name="MediaType">For example <c>text/markdown</c>.</param>
public sealed record ArtifactRef(string Hash, long Length, string MediaType);

public static class ArtifactLimits
{
    /// <summary>The longest artifact: 64 MiB.</summary>
    public const long MaxLength = 64L << 20;

    /// <summary>Texts up to this many UTF-8 bytes are kept inline: 8 KiB.</summary>
    public const int MaxInline = 8 << 10;
}

public sealed class ArtifactTooLargeException(long limit)
    : InvalidOperationException($"The content is longer than {limit} bytes, the limit for one artifact.");
