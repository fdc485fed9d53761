using System.Buffers;
using System.Security.Cryptography;
using Troupe.Core.Artifacts;
using Troupe.Storage.Records;

namespace Troupe.Storage.Artifacts;

/// <summary>Small artifacts are rows, which share the fsync of other writes; larger ones are files.</summary>
internal sealed class LocalArtifactStore(RecordsDatabase database, ArtifactFiles files) : IArtifactStore
{
    /// <summary>The largest artifact that is a row.</summary>
    internal const int MaxRow = 32 << 10;

    public async Task<ArtifactRef> PutAsync(Stream content, string mediaType, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxRow + 1);
        try
        {
            var head = buffer.AsMemory(0, MaxRow + 1);
            head = head[..await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)];
            if (head.Length <= MaxRow) return new(await PutRowAsync(head, cancellationToken), head.Length, mediaType);
            await database.OpenAsync();
            var (hash, length) = await files.PutAsync(head, content, cancellationToken);
            return new(hash, length, mediaType);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<Stream?> OpenAsync(string hash, CancellationToken cancellationToken)
    {
        if (!ArtifactHash.IsWellFormed(hash)) return null;
        var row = await database.ReadAsync(
            session => session.QuerySingle("SELECT data FROM artifacts WHERE hash = ?", static row => row.GetBytes(0), hash), cancellationToken);
        return row is null ? files.Open(hash) : new MemoryStream(row, writable: false);
    }

    private async Task<string> PutRowAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var known = await database.ReadAsync(
            session => session.QueryInt64("SELECT 1 FROM artifacts WHERE hash = ?", hash), cancellationToken);
        if (known == 1) return hash;
        var data = content.ToArray();
        await database.WriteAsync(
            session => session.Execute("INSERT INTO artifacts (hash, data) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, data), cancellationToken);
        return hash;
    }
}
