using System.Reflection;

namespace Troupe.Acceptance.Hosting;

/// <summary>Where the build left what the tests start.</summary>
internal static class ProgramFiles
{
    /// <summary>The command-line program, built before these tests.</summary>
    public static string Program { get; } = Find("Troupe.Program");

    /// <summary>The scripted agents.</summary>
    public static string Agents { get; } = Find("Troupe.Agents");

    private static string Find(string key)
    {
        var value = typeof(ProgramFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
        return Path.GetFullPath(value);
    }
}
