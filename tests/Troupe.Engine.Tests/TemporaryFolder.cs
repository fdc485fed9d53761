namespace Troupe.Engine.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("troupe-engine-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
