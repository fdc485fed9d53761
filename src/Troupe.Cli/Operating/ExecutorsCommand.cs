using System.CommandLine;
using System.Globalization;
using Troupe.Cli.Terminal;

namespace Troupe.Cli.Operating;

/// <summary><c>troupe executors</c>: who works on tasks, and what was left to a dead one.</summary>
internal static class ExecutorsCommand
{
    public static Command Create(Shell shell) =>
        new Command("executors", "List the processes that work on tasks, and what each works on.").Asking(shell, static async request => request.AnswerRows(
            await request.Client.ExecutorsAsync(request.Cancelled).ToListAsync(request.Cancelled),
            new("executor", static executor => executor.Id, 64),
            new("alive", static executor => executor.Alive ? "yes" : "no"),
            new("busy", static executor => executor.Busy.ToString(CultureInfo.InvariantCulture)),
            new("started", static executor => Words.Time(executor.StartedAt)),
            new("seen", static executor => Words.Time(executor.SeenAt)),
            new("tasks", static executor => string.Join(' ', executor.Tasks.Select(static task => task.TaskId)), 80)));
}
