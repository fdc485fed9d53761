using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Troupe.Cli;

/// <summary>Prints the program's own version, whatever process it runs in.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public static string Version { get; } =
        typeof(VersionAction).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"troupe {Version}");
        return ExitCodes.Success;
    }
}
