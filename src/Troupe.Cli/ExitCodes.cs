namespace Troupe.Cli;

/// <summary>What the program's exit codes mean; documented in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The run failed, or the server refused the request.</summary>
    public const int Failed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    public const int Cancelled = 3;

    /// <summary>No server answers at the address, or none could be started.</summary>
    public const int Unreachable = 4;

    /// <summary>A definition, an agent or an input is invalid or unknown.</summary>
    public const int Invalid = 5;

    /// <summary>Interrupted while following a run that goes on.</summary>
    public const int Detached = 6;
}

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
