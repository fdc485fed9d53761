using System.CommandLine;
using Troupe.Cli.Connecting;
using Troupe.Cli.Serving;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Running;

/// <summary><c>troupe run</c>: launches a workflow or an agent and follows it to its result.</summary>
internal static class RunCommand
{
    public static Command Create(Shell shell)
    {
        var (run, connection, server) = (new RunFlags(), new ConnectionFlags(), new ServerFlags());
        var detach = new Option<bool>("--detach", "-d") { Description = "Launch, print the run's id and leave." };
        var onInterrupt = new Option<InterruptAction>("--on-interrupt")
        {
            Description = "What Ctrl-C does: detach (the run goes on; Ctrl-C again cancels it) or cancel.",
            HelpName = "detach|cancel",
            DefaultValueFactory = static _ => InterruptAction.Detach,
        };
        var command = new Command("run", "Launch a workflow or an agent, follow it, and print its result. Starts a server by itself where none runs.");
        run.AddTo(command);
        command.Add(detach);
        command.Add(onInterrupt);
        connection.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var locator = connection.Locator(parsed, shell);
            var settings = server.Read(parsed, shell, locator.Data, ListenAddress.Check("http://127.0.0.1:0"), announce: false);
            await using var session = await RunSession.OpenAsync(locator, settings, shell, cancellationToken);
            if (!session.IsEmbedded && settings.IsCustomized && !connection.Json(parsed))
                shell.Error.WriteLine($"troupe: --agents, --workflows and --config are for a server that this command starts; {session.Client.Address} runs already, with its own.");
            var target = await new TargetResolver(session.Client, shell).ResolveAsync(run.Name(parsed), run.Kind(parsed), cancellationToken);
            var launched = await run.LaunchAsync(session.Client, target, parsed, shell, cancellationToken);
            var report = new RunReport(session, shell, connection.Json(parsed));
            return parsed.GetValue(detach)
                ? report.Launched(launched)
                : await new RunWatch(session, report, shell, parsed.GetValue(onInterrupt)).WatchAsync(launched);
        });
        return command;
    }
}

internal enum InterruptAction
{
    Detach,
    Cancel,
}
