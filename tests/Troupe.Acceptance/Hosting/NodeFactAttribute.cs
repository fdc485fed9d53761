namespace Troupe.Acceptance.Hosting;

/// <summary>Skipped, with the reason, where there is no Node.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Try);

    public NodeFactAttribute() => Skip = Obstacle.Value;

    private static string? Try()
    {
        var missing = ((string[])["node", "npm"]).Where(static program => !IsOnPath(program)).ToList();
        return missing.Count == 0 ? null : $"Needs {string.Join(" and ", missing)} on the PATH.";
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { program, $"{program}.exe", $"{program}.cmd" }.Select(name => Path.Combine(folder, name)))
            .Any(File.Exists);
}
