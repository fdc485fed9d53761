using System.Buffers;
using System.Security.Cryptography;
using Troupe.Core.Artifacts;

namespace Troupe.Functions.Storage.Artifacts;

/// <summary>
/// Content that has been read to its end, as its hash must be known before it has a name: in memory where it is small, in a temporary
/// file otherwise.
/// </summary>
internal sealed class Spool : IAsyncDisposable
{
    private const int MaxInMemory = 1 << 20;
    private const int BlockSize = 128 << 10;

    private Spool(Stream content, string hash) => (Content, Hash) = (content, hash);

    /// <summary>Stands at its beginning.</summary>
    public Stream Content { get; }

    public string Hash { get; }

    public long Length => Content.Length;

    /// <exception cref="ArtifactTooLargeException"/>
    public static async Task<Spool> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        Stream content = new MemoryStream();
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int read; (read = await source.ReadAsync(block, cancellationToken)) > 0;)
            {
                if (content.Length + read > ArtifactLimits.MaxLength) throw new ArtifactTooLargeException(ArtifactLimits.MaxLength);
                if (content is MemoryStream memory && memory.Length + read > MaxInMemory) content = await MoveAsync(memory, cancellationToken);
                hash.AppendData(block.AsSpan(0, read));
                await content.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }

            content.Position = 0;
            return new Spool(content, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public ValueTask DisposeAsync() => Content.DisposeAsync();

    private static async Task<Stream> MoveAsync(MemoryStream memory, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"troupe-{Path.GetRandomFileName()}"), options);
        memory.Position = 0;
        await memory.CopyToAsync(file, cancellationToken);
        await memory.DisposeAsync();
        return file;
    }
}
