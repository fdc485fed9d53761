using System.Security.Cryptography;
using Troupe.Core.Artifacts;
using Xunit;

namespace Troupe.Testing.Stores;

/// <summary><see cref="IArtifactStore"/>: bytes under their hash, whole or not at all.</summary>
public abstract class ArtifactStoreContract : StoreContract
{
    private IArtifactStore Artifacts => Stores.Artifacts;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 << 10)]
    [InlineData((32 << 10) + 1)]
    [InlineData(1 << 20)]
    public async Task PutAsync_AnySize_ComesBackAsItWas(int length)
    {
        var bytes = Bytes(length);

        var reference = await PutAsync(bytes);

        Assert.Equal(new ArtifactRef(Hash(bytes), length, "application/octet-stream"), reference);
        Assert.Equal(bytes, await ReadAsync(reference.Hash));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task PutAsync_SameAgain_IsTheSame(int length)
    {
        var bytes = Bytes(length);

        var references = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => PutAsync(bytes))));

        Assert.Single(references.Distinct());
        Assert.Equal(references[0], await PutAsync(bytes));
        Assert.Equal(bytes, await ReadAsync(references[0].Hash));
    }

    [Fact]
    public async Task PutAsync_StreamOfSmallPieces_IsReadToItsEnd()
    {
        var bytes = Bytes(70_000);

        var reference = await Artifacts.PutAsync(new TricklingStream(bytes.Length, piece: 999, position => bytes[position]), "text/plain", default);

        Assert.Equal(Hash(bytes), reference.Hash);
        Assert.Equal(bytes, await ReadAsync(reference.Hash));
    }

    [Fact]
    public async Task PutAsync_ExactlyTheLimit_IsStored()
    {
        var reference = await Artifacts.PutAsync(Zeros(ArtifactLimits.MaxLength), "application/zip", default);

        Assert.Equal(ArtifactLimits.MaxLength, reference.Length);
        await using var stored = await Artifacts.OpenAsync(reference.Hash, default);
        Assert.Equal(reference.Hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(stored!)));
    }

    [Fact]
    public async Task PutAsync_OneByteOverTheLimit_IsRefusedAndNothingKept()
    {
        await Assert.ThrowsAsync<ArtifactTooLargeException>(
            () => Artifacts.PutAsync(Zeros(ArtifactLimits.MaxLength + 1), "application/zip", default));

        Assert.Null(await Artifacts.OpenAsync(Convert.ToHexStringLower(await SHA256.HashDataAsync(Zeros(ArtifactLimits.MaxLength + 1))), default));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task PutAsync_StreamBreaksOff_KeepsNothing(int breaksAt)
    {
        var broken = new TricklingStream(300_000, piece: 1_000, position => position < breaksAt ? (byte)7 : throw new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(() => Artifacts.PutAsync(broken, "text/plain", default));
    }

    [Fact]
    public async Task PutAsync_CancelledMidway_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var stream = new TricklingStream(300_000, piece: 1_000, position =>
        {
            if (position == 200_000) cancellation.Cancel();
            return 7;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Artifacts.PutAsync(stream, "text/plain", cancellation.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")]
    [InlineData("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task OpenAsync_UnknownOrIllFormedHash_IsNull(string hash) => Assert.Null(await Artifacts.OpenAsync(hash, default));

    [Fact]
    public async Task OpenAsync_HashInUpperCase_IsNotTheSame()
    {
        var reference = await PutAsync(Bytes(40_000));

        Assert.Null(await Artifacts.OpenAsync(reference.Hash.ToUpperInvariant(), default));
    }

    [Fact]
    public async Task ReadTextAsync_LargeUnicodeText_ComesBackAsItWas()
    {
        var text = string.Concat(Enumerable.Repeat("ä🎭世", 20_000));

        var content = await Artifacts.ToContentAsync(text, default);

        Assert.NotNull(content.Artifact);
        Assert.Equal(text, await Artifacts.ReadTextAsync(content, default));
    }

    private static TricklingStream Zeros(long length) => new(length, piece: 1 << 20, _ => 0);

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<ArtifactRef> PutAsync(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return await Artifacts.PutAsync(stream, "application/octet-stream", default);
    }

    private async Task<byte[]> ReadAsync(string hash)
    {
        await using var stored = await Artifacts.OpenAsync(hash, default);
        using var copy = new MemoryStream();
        await Assert.IsAssignableFrom<Stream>(stored).CopyToAsync(copy);
        return copy.ToArray();
    }
}
