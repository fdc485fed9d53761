using System.CommandLine;
using Troupe.Cli.Running;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe status</c>: where a run and its tasks stand.</summary>
internal static class StatusCommand
{
    public static Command Create(Shell shell)
    {
        var run = ClientCommand.RunId();
        var wait = new Option<bool>("--wait") { Description = "Wait until the run has ended." };
        return new Command("status", "Show where a run and its tasks stand.") { run, wait }.Asking(shell, async request =>
        {
            var id = request.Parsed.GetRequiredValue(run);
            if (request.Parsed.GetValue(wait))
                await request.Client.WaitAsync(id, request.Cancelled);
            var snapshot = await RunSnapshot.TakeAsync(request.Client, id, request.Cancelled);
            var approvals = snapshot.IsOver || request.Json
                ? []
                : await request.Client.ApprovalsAsync(new ApprovalQuery { WorkflowId = id }, request.Cancelled).ToListAsync(request.Cancelled);
            request.Answer(snapshot, output => Print(output, snapshot, approvals, shell.Time));
        });
    }

    private static void Print(TextWriter output, RunSnapshot snapshot, IReadOnlyList<ApprovalInfo> approvals, TimeProvider time)
    {
        var run = snapshot.Run;
        output.WriteLine($"{Words.Line(run.Name ?? run.WorkflowId)}: {Words.Status(run.Status)}, {snapshot.Finished}/{Words.Count(snapshot.Tasks.Count, "task")}, {Words.Elapsed(snapshot.Elapsed(time))}");
        if (run.Error is { } error)
            output.WriteLine($"Error: {Words.Line(error.Message, 500)}");
        if (run.Attention is { } attention)
            output.WriteLine($"Attention: {Words.Line(attention, 500)}");
        foreach (var approval in approvals)
            output.WriteLine($"Waiting for {Words.Line(approval.Title ?? approval.Id)}: troupe {(approval.Kind == ApprovalFinder.Question ? "answer" : "approve")} {approval.Id}");
        TextTable.Write<TaskInfo>(
            output,
            snapshot.Tasks,
            [
                new("task", static task => task.Key ?? task.TaskId, 64),
                new("agent", static task => task.Agent, 32),
                new("status", static task => Words.Status(task.Status)),
                new("attempt", static task => task.Attempt == 0 ? "" : task.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                new("about", static task => task.Error?.Message ?? task.Summary ?? task.Progress?.CurrentStep, 60),
            ]);
    }
}
