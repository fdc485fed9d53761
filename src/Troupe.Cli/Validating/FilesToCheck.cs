using Troupe.Cli.Terminal;

namespace Troupe.Cli.Validating;

/// <summary>The workflow and agent files that paths on the command line mean.</summary>
internal sealed record FilesToCheck(IReadOnlyList<string> Workflows, IReadOnlyList<string> Agents)
{
    private static readonly string[] DefaultFolders = ["workflows", "agents"];

    /// <exception cref="CommandException">A path does not exist, or is no file of either kind.</exception>
    public static FilesToCheck Find(IReadOnlyList<string> paths, Shell shell)
    {
        var roots = paths.Count > 0
            ? paths.Select(shell.FullPath).ToList()
            : DefaultFolders.Select(shell.FullPath).Where(Directory.Exists).ToList();
        if (roots.Count == 0)
            throw new CommandException(ExitCodes.Usage, $"Nothing to validate: {shell.CurrentDirectory} has neither a workflows nor an agents folder. Name files or folders.");
        var files = roots.SelectMany(FilesBelow).Distinct(StringComparer.Ordinal).ToList();
        return new FilesToCheck([.. files.Where(IsWorkflow)], [.. files.Where(IsAgent)]);
    }

    private static IEnumerable<string> FilesBelow(string path)
    {
        if (Directory.Exists(path))
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => IsWorkflow(file) || IsAgent(file)).Order(StringComparer.Ordinal);
        if (!File.Exists(path))
            throw new CommandException(ExitCodes.Invalid, $"{path}: there is no such file or folder.");
        return IsWorkflow(path) || IsAgent(path)
            ? [path]
            : throw new CommandException(ExitCodes.Invalid, $"{path}: a workflow ends in .yaml, .yml or .json, an agent in .md.");
    }

    private static bool IsWorkflow(string path) => Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" or ".json";

    private static bool IsAgent(string path) =>
        Path.GetExtension(path).Equals(".md", StringComparison.OrdinalIgnoreCase)
        && !Path.GetFileName(path).Equals("README.md", StringComparison.OrdinalIgnoreCase);
}
