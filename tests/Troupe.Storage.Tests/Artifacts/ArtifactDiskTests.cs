using Troupe.Durable;
using Troupe.Storage.Artifacts;

namespace Troupe.Storage.Tests.Artifacts;

public sealed class ArtifactDiskTests
{
    public static TheoryData<Exception, string> Failures => new()
    {
        { new IOException("no space", OperatingSystem.IsWindows() ? 112 : 28), "The disk is full" },
        { new IOException("quota", OperatingSystem.IsWindows() ? 112 : 122), "The disk is full" },
        { new IOException("torn", 5), "The file system failed" },
        { new ArgumentOutOfRangeException("value", "too long a file"), "The file system failed" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Do_DiskFails_SaysSoAndWhatToDo(Exception failure, string said)
    {
        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(() => ArtifactDisk.DoAsync(() => throw failure));

        Assert.Contains(said, unavailable.Reason, StringComparison.Ordinal);
        Assert.Same(failure, unavailable.InnerException);
    }

    [Fact]
    public async Task Do_FailureOfAnotherKind_IsLeftAsItIs()
    {
        var failure = new InvalidDataException("of the sender");

        Assert.Same(failure, await Assert.ThrowsAsync<InvalidDataException>(() => ArtifactDisk.DoAsync(() => throw failure)));
        Assert.Equal(3, await ArtifactDisk.DoAsync(static () => Task.FromResult(3)));
    }
}
