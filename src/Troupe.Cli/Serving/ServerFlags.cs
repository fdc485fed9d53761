using System.CommandLine;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Serving;

/// <summary>Options of the commands that may start a server.</summary>
internal sealed class ServerFlags
{
    private readonly Option<string[]> _agents = new("--agents")
    {
        Description = "A folder of agent files; repeatable. They win over built-in agents of the same name.",
        HelpName = "folder",
    };

    private readonly Option<string[]> _workflows = new("--workflows")
    {
        Description = "A folder of workflow files; repeatable. They win over built-in workflows of the same name.",
        HelpName = "folder",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "A JSON settings file with a \"Troupe\" section; it wins over appsettings.json in the data folder.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(_agents);
        command.Add(_workflows);
        command.Add(_config);
    }

    public ServerSettings Read(ParseResult parsed, Shell shell, DataFolder data, Uri url, bool announce) => new()
    {
        Data = data,
        Url = url,
        AgentRoots = Folders(parsed, _agents, shell),
        WorkflowRoots = Folders(parsed, _workflows, shell),
        ConfigFile = Existing(parsed.GetValue(_config), shell),
        Announce = announce,
    };

    private static string[] Folders(ParseResult parsed, Option<string[]> option, Shell shell)
    {
        string[] folders = [.. (parsed.GetValue(option) ?? []).Select(shell.FullPath)];
        return Array.Find(folders, static folder => !Directory.Exists(folder)) is { } missing
            ? throw new CommandException(ExitCodes.Usage, $"{option.Name} {missing}: there is no such folder.")
            : folders;
    }

    private static string? Existing(string? file, Shell shell)
    {
        if (file is null)
            return null;
        var path = shell.FullPath(file);
        return File.Exists(path) ? path : throw new CommandException(ExitCodes.Usage, $"--config {path}: there is no such file.");
    }
}
