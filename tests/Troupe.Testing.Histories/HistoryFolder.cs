using System.Runtime.CompilerServices;

namespace Troupe.Testing.Histories;

/// <summary>The histories that a test project keeps: a folder <c>Recorded</c> beside the test, with one for each release and, in it, one for each scenario.</summary>
internal sealed class HistoryFolder
{
    private const string Variable = "TROUPE_RECORD_HISTORIES";

    private readonly string _root;

    private HistoryFolder(string root) => _root = root;

    /// <summary>The release that is to be recorded; null where this run only compares.</summary>
    public static string? ReleaseToRecord => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } release ? release : null;

    /// <summary>Every history, as a path below the folder.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(_root, "*.json", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_root, path)).Order(StringComparer.Ordinal)];

    public static HistoryFolder Beside([CallerFilePath] string test = "") => new(Path.Combine(Path.GetDirectoryName(test)!, "Recorded"));

    /// <param name="folder">Where the tests are beside which it lies, seen from this one.</param>
    public static HistoryFolder In(string folder, [CallerFilePath] string test = "") =>
        new(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, folder, "Recorded")));

    /// <summary>What records the histories of a test project anew.</summary>
    /// <param name="project">The name of the test project.</param>
    public static string Command(string project) =>
        $"{Variable}=<release> dotnet test tests/{project} --filter \"FullyQualifiedName~Histories.RecordingTests\"";

    public HistoryFile Read(string file) => HistoryFile.Parse(File.ReadAllText(Path.Combine(_root, file)));

    /// <summary>Replaces the histories of a scenario.</summary>
    public async Task WriteAsync(string release, string scenario, IEnumerable<HistoryFile> histories)
    {
        var folder = Path.Combine(_root, release, scenario);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var history in histories)
            await File.WriteAllTextAsync(Path.Combine(folder, history.Identity.InstanceId.Replace(':', '~') + ".json"), history.Print());
    }
}
