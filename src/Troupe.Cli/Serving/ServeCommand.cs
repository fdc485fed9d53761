using System.CommandLine;
using Troupe.Cli.Connecting;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Serving;

/// <summary><c>troupe serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create(Shell shell)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "The address to listen on; port 0 takes a free one. Beyond loopback it takes a key: see troupe keys.",
            HelpName = "address",
            DefaultValueFactory = static _ => ListenAddress.Default,
        };
        var data = ConnectionFlags.DataOption();
        var flags = new ServerFlags();
        var command = new Command("serve", "Run the server: the HTTP API and the durable engine, until Ctrl-C.") { urls, data };
        flags.AddTo(command);
        command.SetAction(parsed => ServeAsync(
            flags.Read(
                parsed,
                shell,
                DataFolder.Choose(parsed.GetValue(data), shell),
                ListenAddress.Check(parsed.GetRequiredValue(urls)),
                announce: true),
            shell));
        return command;
    }

    private static async Task<int> ServeAsync(ServerSettings settings, Shell shell)
    {
        using var signal = FileSizeSignal.Take();
        await using var server = await EmbeddedServer.StartAsync(settings, shell, CancellationToken.None);
        await shell.Interrupts.NextAsync(CancellationToken.None);
        shell.Error.WriteLine("Stopping: no new work starts, running work is kept and goes on at the next start. Ctrl-C again ends at once.");

        using var stopped = new CancellationTokenSource();
        var stop = server.StopAsync();
        var again = shell.Interrupts.NextAsync(stopped.Token);
        await Task.WhenAny(stop, again);
        await stopped.CancelAsync();
        return ExitCodes.Success;
    }
}
