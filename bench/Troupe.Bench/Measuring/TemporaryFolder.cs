namespace Troupe.Bench.Measuring;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("troupe-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
