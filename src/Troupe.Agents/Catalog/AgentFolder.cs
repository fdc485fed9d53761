namespace Troupe.Agents.Catalog;

/// <summary>A file that may hold an agent.</summary>
/// <param name="FullPath">On disk.</param>
/// <param name="Path">Inside its root, with forward slashes.</param>
internal sealed record AgentFileEntry(string FullPath, string Path, DateTime Modified, long Length);

/// <summary>Lists the agent files below a root. It never leaves the root: folder links are not followed, file links only to targets inside.</summary>
internal static class AgentFolder
{
    /// <summary>Most files read of one root.</summary>
    public const int MaxFiles = 20_000;

    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    public static IReadOnlyList<AgentFileEntry> List(string root)
    {
        var found = new List<AgentFileEntry>();
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (folders.TryPop(out var folder) && found.Count < MaxFiles)
        {
            if (!folder.Exists)
                continue;
            foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything))
            {
                if (entry is DirectoryInfo sub && IsSearched(sub))
                    folders.Push(sub);
                else if (entry is FileInfo file && IsMarkdown(file) && Target(file, root) is { Exists: true } target)
                    found.Add(new(target.FullName, Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), target.LastWriteTimeUtc, target.Length));
            }
        }

        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    private static bool IsSearched(DirectoryInfo folder) =>
        folder.LinkTarget is null && !folder.Name.StartsWith('.') && folder.Name != "node_modules";

    private static bool IsMarkdown(FileInfo file) =>
        file.Extension.Equals(".md", StringComparison.OrdinalIgnoreCase) && !file.Name.StartsWith('.');

    private static FileInfo? Target(FileInfo file, string root)
    {
        if (file.LinkTarget is null)
            return file;
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target && IsInside(target, root) ? target : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Folders on the target's way may be links themselves; one that is could lead anywhere.
    private static bool IsInside(FileInfo target, string root)
    {
        for (var folder = target.Directory; folder is not null; folder = folder.Parent)
        {
            if (folder.FullName == root)
                return true;
            if (folder.LinkTarget is not null)
                return false;
        }

        return false;
    }
}
