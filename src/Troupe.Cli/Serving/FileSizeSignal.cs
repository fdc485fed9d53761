using System.Runtime.InteropServices;

namespace Troupe.Cli.Serving;

/// <summary>
/// Where a file may not grow beyond a limit (<c>ulimit -f</c>), the system ends the process that tries unless that takes SIGXFSZ. Taken,
/// the write fails as on a full disk, which the stores answer for.
/// </summary>
internal static class FileSizeSignal
{
    /// <summary>SIGXFSZ of Linux and macOS; .NET has no name for it.</summary>
    private const PosixSignal Exceeded = (PosixSignal)25;

    /// <summary>Takes the signal until disposed; null on Windows, which has none.</summary>
    public static PosixSignalRegistration? Take() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, static context => context.Cancel = true);
}
