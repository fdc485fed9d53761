using System.CommandLine;
using Troupe.Cli.Serving;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Connecting;

/// <summary>Options of every command that talks to a server.</summary>
internal sealed class ConnectionFlags
{
    private readonly Option<string?> _url = new("--url")
    {
        Description = "The server's address. Default: $TROUPE_URL, else the server of the data folder.",
        HelpName = "address",
    };

    private readonly Option<string?> _data = DataOption();

    private readonly Option<string?> _key = new("--key")
    {
        Description = $"The key to show to the server, or @file; other users can read a command line, so rather set ${KeyFinder.Variable}. Default: that, else ~/.config/troupe/key.",
        HelpName = "key",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of text." };

    public static Option<string?> DataOption() => new("--data")
    {
        Description = $"The data folder. Default: ${DataFolder.Variable}, else ~/.troupe/data.",
        HelpName = "folder",
    };

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_data);
        command.Add(_key);
        command.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    public ServerLocator Locator(ParseResult parsed, Shell shell) =>
        new(Address(parsed, shell), DataFolder.Choose(parsed.GetValue(_data), shell), KeyFinder.Find(parsed.GetValue(_key), shell));

    private Uri? Address(ParseResult parsed, Shell shell)
    {
        var text = parsed.GetValue(_url) ?? shell.Variable("TROUPE_URL");
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandException(ExitCodes.Usage, $"--url expects an address such as {ListenAddress.Default}; found '{text}'.");
    }
}
