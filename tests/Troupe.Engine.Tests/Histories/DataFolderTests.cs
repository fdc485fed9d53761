using Troupe.Testing.Histories;

namespace Troupe.Engine.Tests.Histories;

/// <summary>A database that a release has left is opened by today's code, which brings everything in it to its end.</summary>
public sealed class DataFolderTests
{
    public static TheoryData<string> Releases => [.. DataFolder.Releases()];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task Open_DatabaseOfARelease_EveryInstanceGoesOnToItsEnd(string release)
    {
        using var folder = DataFolder.CopyOf(release);

        await StoppedWork.FinishAsync(folder.Path);
    }
}
