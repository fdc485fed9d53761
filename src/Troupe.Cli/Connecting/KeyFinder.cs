using Troupe.Cli.Terminal;

namespace Troupe.Cli.Connecting;

/// <summary>
/// Finds the key to show to a server: <c>--key</c>, else <c>$TROUPE_KEY</c>, else the file <c>troupe/key</c> in the user's configuration
/// folder, which nobody else may read. Other users of the machine can read a command line; the other two ways are hidden from them.
/// </summary>
internal static class KeyFinder
{
    public const string Variable = "TROUPE_KEY";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Null where there is none.</summary>
    /// <param name="asked">A key, or <c>@file</c>.</param>
    /// <exception cref="CommandException">A file cannot be read, or others may read it, or it holds no key.</exception>
    public static string? Find(string? asked, Shell shell)
    {
        if (asked is ['@', .. var path])
            return Read(shell.FullPath(path)) ?? throw new CommandException(ExitCodes.Usage, $"--key: there is no file {shell.FullPath(path)}.");
        if (!string.IsNullOrWhiteSpace(asked ?? shell.Variable(Variable)))
            return Checked((asked ?? shell.Variable(Variable))!, asked is null ? Variable : "--key");
        return DefaultFile(shell) is { } file ? Read(file) : null;
    }

    /// <summary>Null where the user has no home.</summary>
    public static string? DefaultFile(Shell shell)
    {
        if (shell.Variable("XDG_CONFIG_HOME") is { Length: > 0 } configuration && Path.IsPathRooted(configuration))
            return Path.Combine(configuration, "troupe", "key");
        var home = shell.Variable("HOME") ?? shell.Variable("USERPROFILE");
        return string.IsNullOrWhiteSpace(home) ? null : Path.Combine(home, ".config", "troupe", "key");
    }

    private static string? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
                throw new CommandException(ExitCodes.Usage, $"Others on this machine may use the key in {path}. Run: chmod 600 {path}");
            return Checked(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Usage, $"The key in {path} cannot be read: {failure.Message}");
        }
    }

    // A header takes printable ASCII only; what is wrong is not repeated, as it may be most of a key.
    private static string Checked(string text, string place) =>
        text.Trim() is { Length: > 0 and < 500 } key && key.All(static letter => letter is > ' ' and < '\x7f')
            ? key
            : throw new CommandException(ExitCodes.Usage, $"What {place} holds is no key; one begins with 'trp_'.");
}
