using System.Runtime.CompilerServices;

namespace Troupe.Testing.Histories;

/// <summary>A folder to work on: an empty one, or a copy of what a release has left. Releases lie in the folder <c>fixtures</c> beside the test.</summary>
internal sealed class DataFolder : IDisposable
{
    private DataFolder(string path) => Path = path;

    public string Path { get; }

    public static IEnumerable<string> Releases([CallerFilePath] string test = "") =>
        Directory.EnumerateDirectories(Root(test)).Select(static folder => System.IO.Path.GetFileName(folder));

    public static DataFolder Empty() => new(Directory.CreateTempSubdirectory("troupe-data-").FullName);

    public static DataFolder CopyOf(string release, [CallerFilePath] string test = "")
    {
        var copy = Empty();
        Copy(System.IO.Path.Combine(Root(test), release), copy.Path);
        return copy;
    }

    /// <summary>Keeps this folder, which nobody works on any more, as that of a release.</summary>
    public void KeepAs(string release, [CallerFilePath] string test = "")
    {
        var kept = System.IO.Path.Combine(Root(test), release);
        if (Directory.Exists(kept)) Directory.Delete(kept, recursive: true);
        Copy(Path, kept);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>All but the files that say which process works on it.</summary>
    private static void Copy(string from, string to)
    {
        var files = Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(static file => System.IO.Path.GetExtension(file) is not (".lock" or ".owner")))
        {
            var target = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Root(string test) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(test)!, "fixtures");
}
