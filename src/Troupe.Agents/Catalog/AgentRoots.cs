namespace Troupe.Agents.Catalog;

/// <summary>The folders that agents are read from, first to last.</summary>
internal static class AgentRoots
{
    /// <summary>Where the shipped agents are, beside the program.</summary>
    public static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "agents");

    public static IReadOnlyList<string> Of(AgentsOptions options)
    {
        var roots = options.Roots.Select(Resolve);
        if (options.BuiltIn)
            roots = roots.Append(BuiltIn);
        return [.. roots.Distinct(StringComparer.Ordinal)];
    }

    private static string Resolve(string root)
    {
        var here = Path.GetFullPath(root);
        var beside = Path.GetFullPath(root, AppContext.BaseDirectory);
        return Path.TrimEndingDirectorySeparator(Directory.Exists(here) || !Directory.Exists(beside) ? here : beside);
    }
}
