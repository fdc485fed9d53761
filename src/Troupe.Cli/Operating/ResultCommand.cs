using System.CommandLine;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe result</c>: what a run or one of its tasks left.</summary>
internal static class ResultCommand
{
    public static Command Create(Shell shell)
    {
        var run = ClientCommand.RunId();
        var task = new Option<string?>("--task") { Description = "One task's result instead: its key in the run, or its id.", HelpName = "task" };
        return new Command("result", "Print what a run, or one of its tasks, left.") { run, task }.Asking(shell, async request =>
        {
            var snapshot = await RunSnapshot.TakeAsync(request.Client, request.Parsed.GetRequiredValue(run), request.Cancelled);
            var result = request.Parsed.GetValue(task) is { } named
                ? await request.Client.TaskResultAsync(IdOf(snapshot, named), request.Cancelled)
                : await RunResult.ReadAsync(request.Client, snapshot, request.Cancelled)
                    ?? throw new CommandException(ExitCodes.Failed, $"The run is {Words.Status(snapshot.Run.Status)} and has no result.");
            request.Answer(result, output => output.WriteLine(Words.Plain(result.ResultText).TrimEnd()));
        });
    }

    private static string IdOf(RunSnapshot snapshot, string named) =>
        snapshot.Tasks.FirstOrDefault(task => task.Key == named || task.TaskId == named)?.TaskId
        ?? throw new CommandException(
            ExitCodes.Invalid,
            $"The run has no task '{Words.Line(named)}'. It has: {string.Join(", ", snapshot.Tasks.Select(static task => task.Key ?? task.TaskId))}.");
}
