using System.Buffers;
using System.Security.Cryptography;
using Troupe.Core.Artifacts;

namespace Troupe.Storage.Artifacts;

/// <summary>
/// Artifacts as files, <c>artifacts/ab/abcdef…</c>. A file is written and synced under a passing name first, so that a file under a
/// hash is always whole.
/// </summary>
internal sealed class ArtifactFiles(StorageFolder folder)
{
    private const int BufferSize = 128 << 10;

    private string Incoming => Path.Combine(folder.Artifacts, "incoming");

    /// <summary>Creates the folders, and removes what writers that died have left. Only the owner of the folder may call it.</summary>
    public void Prepare()
    {
        StorageFolder.Create(folder.Artifacts);
        StorageFolder.Create(Incoming);
        foreach (var orphan in Directory.EnumerateFiles(Incoming)) File.Delete(orphan);
    }

    /// <summary>Stores the bytes already read and the rest of the stream.</summary>
    /// <exception cref="ArtifactTooLargeException"/>
    /// <exception cref="Durable.StoreUnavailableException">The disk is full or fails.</exception>
    public async Task<(string Hash, long Length)> PutAsync(ReadOnlyMemory<byte> head, Stream rest, CancellationToken cancellationToken)
    {
        var passing = Path.Combine(Incoming, Path.GetRandomFileName());
        try
        {
            var (hash, length) = await WriteAsync(passing, head, rest, cancellationToken);
            await ArtifactDisk.DoAsync(() => Publish(passing, hash));
            return (hash, length);
        }
        finally
        {
            File.Delete(passing);
        }
    }

    /// <param name="hash">Well-formed.</param>
    public Stream? Open(string hash)
    {
        try
        {
            return new FileStream(PathOf(hash), new FileStreamOptions
            {
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<(string Hash, long Length)> WriteAsync(
        string path, ReadOnlyMemory<byte> head, Stream rest, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        await using var file = await ArtifactDisk.DoAsync(() => Task.FromResult(new FileStream(path, options)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0L;
            for (var block = head; block.Length > 0; block = buffer.AsMemory(0, await rest.ReadAsync(buffer, cancellationToken)))
            {
                length += block.Length;
                if (length > ArtifactLimits.MaxLength) throw new ArtifactTooLargeException(ArtifactLimits.MaxLength);
                hash.AppendData(block.Span);
                var written = block;
                await ArtifactDisk.DoAsync(() => WriteAsync(file, written, cancellationToken));
            }

            await ArtifactDisk.DoAsync(() => file.Flush(flushToDisk: true));
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> WriteAsync(FileStream file, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        await file.WriteAsync(block, cancellationToken);
        return block.Length;
    }

    private void Publish(string passing, string hash)
    {
        var path = PathOf(hash);
        var shelf = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(shelf))
        {
            StorageFolder.Create(shelf);
            DurableFolder.Sync(folder.Artifacts);
        }

        File.Move(passing, path, overwrite: true);
        DurableFolder.Sync(shelf);
    }

    private string PathOf(string hash) => Path.Combine(folder.Artifacts, hash[..2], hash);
}
