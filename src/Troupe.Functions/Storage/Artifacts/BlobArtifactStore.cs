using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Troupe.Core.Artifacts;

namespace Troupe.Functions.Storage.Artifacts;

/// <summary>Artifacts as blobs, <c>ab/abcdef…</c>. A blob appears whole under its hash and is never written again.</summary>
internal sealed class BlobArtifactStore(ArtifactContainer container) : IArtifactStore
{
    /// <summary>Sending so little again costs no more than asking whether it is there: 128 KiB.</summary>
    private const long MaxUnasked = 128 << 10;

    public async Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        await using var spool = await Spool.ReadAsync(content, cancellationToken);
        var blob = await container.BlobAsync(spool.Hash, cancellationToken);
        if (spool.Length <= MaxUnasked || !await blob.ExistsAsync(cancellationToken)) await UploadAsync(blob, spool.Content, cancellationToken);
        return new ArtifactRef(spool.Hash, spool.Length, mediaType);
    }

    public async Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken)
    {
        if (!ArtifactHash.IsWellFormed(hash)) return null;
        var blob = await container.BlobAsync(hash, cancellationToken);
        try
        {
            var download = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken);
            return download.Value.Content;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    private static async Task UploadAsync(BlobClient blob, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            var onlyIfAbsent = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(content, onlyIfAbsent, cancellationToken);
        }
        catch (RequestFailedException exception) when (
            exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || exception.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            // Somebody else has just put the same bytes.
        }
    }
}
