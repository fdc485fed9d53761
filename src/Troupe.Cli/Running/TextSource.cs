using Troupe.Cli.Terminal;

namespace Troupe.Cli.Running;

/// <summary>A text given on the command line: itself, <c>@file</c>, or <c>-</c> for standard input. <c>@@</c> begins a text with '@'.</summary>
internal static class TextSource
{
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static async Task<string> ReadAsync(string value, string option, Shell shell)
    {
        if (value == "-")
            return await shell.In.ReadToEndAsync();
        if (value.StartsWith("@@", StringComparison.Ordinal))
            return value[1..];
        if (!value.StartsWith('@'))
            return value;
        return await ReadFileAsync(shell.FullPath(value[1..]), option);
    }

    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static async Task<string> ReadFileAsync(string path, string what)
    {
        try
        {
            return await File.ReadAllTextAsync(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException(ExitCodes.Invalid, $"{what}: {path} cannot be read: there is no such file.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.Invalid, $"{what}: {path} cannot be read: {failure.Message}");
        }
    }
}
