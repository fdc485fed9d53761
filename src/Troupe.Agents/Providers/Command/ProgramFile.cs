namespace Troupe.Agents.Providers.Command;

/// <summary>Finds a program as a shell would: by its path, or in the folders of PATH.</summary>
internal static class ProgramFile
{
    public static string? Find(string program)
    {
        if (program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        string[] names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? [program + ".exe"] : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
