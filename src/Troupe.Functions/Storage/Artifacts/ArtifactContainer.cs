using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage.Artifacts;

/// <summary>The container of the artifacts. It is created with its first use, or when the host starts.</summary>
internal sealed class ArtifactContainer(BlobServiceClient service, IOptions<AzureStorageOptions> options)
{
    private readonly BlobContainerClient _container = service.GetBlobContainerClient($"{options.Value.Prefix.ToLowerInvariant()}-artifacts");
    private volatile bool _open;

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_open) return;
        await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        _open = true;
    }

    /// <param name="hash">Well-formed.</param>
    public async ValueTask<BlobClient> BlobAsync(string hash, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return _container.GetBlobClient($"{hash[..2]}/{hash}");
    }
}
