using System.CommandLine;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe logs</c>: what happened in a run, live until it ends.</summary>
internal static class LogsCommand
{
    public static Command Create(Shell shell)
    {
        var run = ClientCommand.RunId();
        return new Command("logs", "Print what happened in a run, and follow it to its end.") { run }.Asking(shell, async request =>
        {
            await foreach (var told in request.Client.EventsAsync(request.Parsed.GetRequiredValue(run), cancellationToken: request.Cancelled))
                Print(told, request);
        });
    }

    private static void Print(RunEvent told, Request request)
    {
        if (request.Json)
            JsonOutput.WriteLine(request.Shell.Out, told);
        else
            request.Shell.Out.WriteLine($"{Words.Time(told.Time)}  {told.Type,-20}  {told.TaskId ?? told.WorkflowId}  {Words.Line(told.Data?.GetRawText() ?? "", 200)}".TrimEnd());
    }
}
