using System.Collections.Concurrent;
using System.Security.Cryptography;
using Troupe.Core.Artifacts;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryArtifactStore : IArtifactStore
{
    private const int BlockLength = 64 << 10;

    private readonly ConcurrentDictionary<string, byte[]> _artifacts = new(StringComparer.Ordinal);

    public async Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        var block = new byte[BlockLength];
        while (await content.ReadAsync(block, cancellationToken) is > 0 and var read)
        {
            if (copy.Length + read > ArtifactLimits.MaxLength) throw new ArtifactTooLargeException(ArtifactLimits.MaxLength);
            copy.Write(block, 0, read);
        }

        var bytes = copy.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _artifacts.TryAdd(hash, bytes);
        return new(hash, bytes.Length, mediaType);
    }

    public Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(_artifacts.TryGetValue(hash, out var bytes) ? new MemoryStream(bytes, writable: false) : null);
}
