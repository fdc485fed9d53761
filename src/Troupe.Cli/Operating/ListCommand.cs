using System.CommandLine;
using System.Globalization;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe list</c>: runs, newest first.</summary>
internal static class ListCommand
{
    public static Command Create(Shell shell)
    {
        var status = new Option<string?>("--status") { Description = "Only runs of this status.", HelpName = "status" };
        status.AcceptOnlyFromAmong([.. Enum.GetValues<WorkStatus>().Where(static one => one != WorkStatus.Unknown).Select(Words.Status)]);
        var tag = new Option<string?>("--tag") { Description = "Only runs with this tag.", HelpName = "tag" };
        var name = new Option<string?>("--name") { Description = "Only runs of this name.", HelpName = "name" };
        var limit = new Option<int>("--limit", "-n") { Description = "How many at most.", HelpName = "n", DefaultValueFactory = static _ => 20 };
        return new Command("list", "List runs, newest first.") { status, tag, name, limit }.Asking(shell, async request =>
        {
            var most = request.Parsed.GetValue(limit);
            var filter = new WorkflowFilter
            {
                Status = request.Parsed.GetValue(status) is { } wanted ? Enum.Parse<WorkStatus>(wanted, ignoreCase: true) : null,
                Tag = request.Parsed.GetValue(tag),
                Name = request.Parsed.GetValue(name),
                PageSize = Math.Clamp(most, 1, 500),
            };
            var runs = await request.Client.WorkflowsAsync(filter, request.Cancelled).Take(most).ToListAsync(request.Cancelled);
            request.AnswerRows(
                runs,
                new("run", static run => run.WorkflowId, 64),
                new("name", static run => run.Name),
                new("status", static run => Words.Status(run.Status)),
                new("tasks", static run => run.TaskCount.ToString(CultureInfo.InvariantCulture)),
                new("took", run => run.StartedAt is { } started ? Words.Elapsed((run.CompletedAt ?? shell.Time.GetUtcNow()) - started) : ""),
                new("created", static run => Words.Time(run.CreatedAt)));
        });
    }
}
