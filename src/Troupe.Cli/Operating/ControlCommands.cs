using System.CommandLine;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary>Commands that steer a run: <c>cancel</c>, <c>pause</c>, <c>resume</c>, <c>rerun</c>.</summary>
internal static class ControlCommands
{
    public static Command Cancel(Shell shell) =>
        Steer(shell, "cancel", "Stop a run; running agents are reached too.", static (client, id, reason, token) => client.CancelAsync(id, reason, token));

    public static Command Pause(Shell shell) =>
        Steer(shell, "pause", "Let no further task of a run start.", static (client, id, reason, token) => client.PauseAsync(id, reason, token));

    public static Command Resume(Shell shell) =>
        Steer(shell, "resume", "Let a paused run go on.", static (client, id, reason, token) => client.ResumeAsync(id, reason, token));

    public static Command Rerun(Shell shell)
    {
        var run = ClientCommand.RunId();
        var from = new Option<string>("--from")
        {
            Description = "\"failed\", or a task: it and what depends on it runs again; other finished results are reused.",
            HelpName = "task",
            DefaultValueFactory = static _ => "failed",
        };
        return new Command("rerun", "Launch a run again, reusing what had finished.") { run, from }.Asking(shell, async request =>
        {
            var launched = await request.Client.RerunAsync(
                request.Parsed.GetRequiredValue(run), new RerunRequest(request.Parsed.GetRequiredValue(from)), cancellationToken: request.Cancelled);
            request.Answer(launched, output => output.WriteLine(launched.WorkflowId));
            foreach (var line in request.Json ? [] : CallbackLines.Of(launched))
                shell.Error.WriteLine(line);
        });
    }

    private static Command Steer(
        Shell shell, string name, string description, Func<TroupeClient, string, string?, CancellationToken, Task> steer)
    {
        var run = ClientCommand.RunId();
        var reason = new Option<string?>("--reason") { Description = "Why, for the record.", HelpName = "text" };
        return new Command(name, description) { run, reason }.Asking(shell, async request =>
        {
            var id = request.Parsed.GetRequiredValue(run);
            await steer(request.Client, id, request.Parsed.GetValue(reason), request.Cancelled);
            var status = await request.Client.WorkflowAsync(id, request.Cancelled);
            request.Answer(status, output => output.WriteLine($"{id}: {name} accepted; the run is {Words.Status(status.Status)}."));
        });
    }
}
