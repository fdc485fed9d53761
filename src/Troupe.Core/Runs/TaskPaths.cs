namespace Troupe.Core.Runs;

/// <summary>Paths that agents give to their files. They name files inside a task and never lead anywhere on a disk.</summary>
public static class TaskPaths
{
    public static bool IsValid(string path) =>
        path.Length is > 0 and <= 200
        && path[0] != '/'
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Contains(':', StringComparison.Ordinal)
        && !path.Any(char.IsControl)
        && path.Split('/').All(static part => part.Length > 0 && part is not ("." or ".."));
}
