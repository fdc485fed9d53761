using System.Text;

namespace Troupe.Core.Artifacts;

/// <summary>A text that is held inline when small and by reference when large (more than <see cref="ArtifactLimits.MaxInline"/> bytes).</summary>
public sealed record Content
{
    public string? Text { get; init; }

    public ArtifactRef? Artifact { get; init; }

    public static Content Inline(string text) => new() { Text = text };
}

public static class ContentExtensions
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Makes content of a text: inline where it is small, stored otherwise.</summary>
    public static async Task<Content> ToContentAsync(
        this IArtifactStore artifacts, string text, CancellationToken cancellationToken, string mediaType = "text/plain")
    {
        if (Utf8.GetByteCount(text) <= ArtifactLimits.MaxInline)
            return Content.Inline(text);
        return new Content { Artifact = await artifacts.PutTextAsync(text, mediaType, cancellationToken) };
    }

    public static async Task<ArtifactRef> PutTextAsync(
        this IArtifactStore artifacts, string text, string mediaType, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(Utf8.GetBytes(text), writable: false);
        return await artifacts.PutAsync(bytes, mediaType, cancellationToken);
    }

    /// <exception cref="InvalidDataException">The referenced artifact is gone.</exception>
    public static async Task<string> ReadTextAsync(this IArtifactStore artifacts, Content content, CancellationToken cancellationToken)
    {
        if (content.Artifact is not { } reference)
            return content.Text ?? "";
        return await artifacts.ReadTextAsync(reference.Hash, cancellationToken)
            ?? throw new InvalidDataException($"The artifact {reference.Hash} ({reference.Length} bytes) is missing from the artifact store.");
    }

    /// <summary>The text of an artifact, or null where there is none of that hash.</summary>
    public static async Task<string?> ReadTextAsync(this IArtifactStore artifacts, string hash, CancellationToken cancellationToken)
    {
        await using var stream = await artifacts.OpenAsync(hash, cancellationToken);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Utf8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
