using Troupe.Core.Artifacts;
using Troupe.Storage.Artifacts;
using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests.Artifacts;

/// <summary>What the artifacts leave on the disk.</summary>
public sealed class ArtifactFilesTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalStores _stores;

    public ArtifactFilesTests() => _stores = new LocalStores(_folder.Path);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _stores.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PutAsync_Small_MakesNoFile()
    {
        await PutAsync(LocalArtifactStore.MaxRow);

        Assert.Empty(Files());
    }

    [Fact]
    public async Task PutAsync_LargeTwice_MakesOneFileUnderItsHash()
    {
        var reference = await PutAsync(LocalArtifactStore.MaxRow + 1);
        await PutAsync(LocalArtifactStore.MaxRow + 1);

        Assert.Equal([_folder.File($"artifacts/{reference.Hash[..2]}/{reference.Hash}")], Files());
    }

    [Fact]
    public async Task PutAsync_TooLargeOrBrokenOff_LeavesNoFile()
    {
        var tooLarge = new TricklingStream(ArtifactLimits.MaxLength + 1, 1 << 20, static _ => 0);
        var broken = new TricklingStream(1 << 20, 1 << 16, static position => position < 500_000 ? (byte)1 : throw new IOException("gone"));

        await Assert.ThrowsAsync<ArtifactTooLargeException>(() => _stores.Artifacts.PutAsync(tooLarge, "text/plain", default));
        await Assert.ThrowsAsync<IOException>(() => _stores.Artifacts.PutAsync(broken, "text/plain", default));

        Assert.Empty(Files());
    }

    [Fact]
    public async Task PutAsync_WhileItIsBeingRead_DisturbsNoReader()
    {
        var reference = await PutAsync(200_000);
        await using var reader = await _stores.Artifacts.OpenAsync(reference.Hash, default);
        reader!.ReadByte();

        await PutAsync(200_000);

        using var rest = new MemoryStream();
        await reader.CopyToAsync(rest);
        Assert.Equal(199_999, rest.Length);
    }

    [Fact]
    public async Task Open_FilesOfDeadWriters_AreSweptAndArtifactsKept()
    {
        Directory.CreateDirectory(_folder.File("artifacts/incoming"));
        await File.WriteAllTextAsync(_folder.File("artifacts/incoming/orphan"), "half");
        Directory.CreateDirectory(_folder.File("artifacts/aa"));
        var kept = _folder.File("artifacts/aa/" + new string('a', 64));
        await File.WriteAllTextAsync(kept, "whole");

        await _stores.Database.OpenAsync();

        Assert.Equal([kept], Files());
    }

    [Fact]
    public async Task Open_NewFolder_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var stores = new LocalStores(_folder.File("data"));

        await stores.Database.OpenAsync();

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder.File("data")) & Others);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder.File("data/artifacts")) & Others);
    }

    [Fact]
    public void Sync_FolderThatIsNotThere_SaysSo()
    {
        if (OperatingSystem.IsWindows()) return;

        var error = Assert.Throws<IOException>(() => DurableFolder.Sync(_folder.File("none")));

        Assert.Contains(_folder.File("none"), error.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Files() =>
        Directory.Exists(_folder.File("artifacts")) ? Directory.EnumerateFiles(_folder.File("artifacts"), "*", SearchOption.AllDirectories) : [];

    private Task<ArtifactRef> PutAsync(int length) =>
        _stores.Artifacts.PutAsync(new TricklingStream(length, 10_000, static position => (byte)(position % 251)), "text/plain", default);
}
