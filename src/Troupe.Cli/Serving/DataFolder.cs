using Troupe.Cli.Terminal;

namespace Troupe.Cli.Serving;

/// <summary>The folder that holds everything a server stores.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DataFolder(string Path)
{
    public const string Variable = "TROUPE_DATA";

    public string DescriptorPath => System.IO.Path.Combine(Path, "server.json");

    /// <summary>There once a server has run on the folder, or a key was made.</summary>
    public string RecordsPath => System.IO.Path.Combine(Path, "records.db");

    public string SettingsPath => System.IO.Path.Combine(Path, "appsettings.json");

    /// <summary>What was asked for, else <c>$TROUPE_DATA</c>, else <c>~/.troupe/data</c>.</summary>
    public static DataFolder Choose(string? asked, Shell shell)
    {
        var chosen = asked ?? shell.Variable(Variable);
        if (!string.IsNullOrWhiteSpace(chosen))
            return new DataFolder(shell.FullPath(chosen));
        var home = shell.Variable("HOME") ?? shell.Variable("USERPROFILE")
            ?? throw new CommandException(ExitCodes.Usage, $"There is no home folder to keep data in. Name a folder with --data or {Variable}.");
        return new DataFolder(System.IO.Path.Combine(home, ".troupe", "data"));
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the folder, readable by its owner only; one that others could read is closed to them, for secrets lie in it.</summary>
    public void Create()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path);
                return;
            }

            Directory.CreateDirectory(Path, OwnerOnly);
            if ((File.GetUnixFileMode(Path) & ~OwnerOnly) != UnixFileMode.None)
                File.SetUnixFileMode(Path, OwnerOnly);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Unreachable, $"The data folder {Path} cannot be made: {failure.Message} Choose another with --data.");
        }
    }
}
