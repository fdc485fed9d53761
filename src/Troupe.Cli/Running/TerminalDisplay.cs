using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>Draws the run on a terminal: phases, the tasks that go on, attempts, time, tokens, cost.</summary>
internal sealed class TerminalDisplay(LiveDisplayContext live, TimeProvider time) : IRunDisplay
{
    private const int MostTasks = 12;

    public void Show(RunSnapshot snapshot)
    {
        live.UpdateTarget(Draw(snapshot, time));
        live.Refresh();
    }

    /// <summary>Follows a run on the console; the last picture stays.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, TimeProvider time, Func<IRunDisplay, Task<T>> follow) =>
        await console.Live(new Text("")).AutoClear(false).StartAsync(live => follow(new TerminalDisplay(live, time)));

    public static IRenderable Draw(RunSnapshot snapshot, TimeProvider time)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "", "");
        foreach (var task in Interesting(snapshot.Tasks))
            table.AddRow(Mark(task.Status), Cell(task.Title ?? task.Key ?? task.TaskId, 48), Cell(task.Agent ?? "", 24), Cell(Duration(task, time), 10), Cell(Note(task), 60));
        var rows = new List<IRenderable> { new Text(Head(snapshot, time)) };
        if (snapshot.Run.Phases.Count > 1)
            rows.Add(PhaseLine(snapshot.Run.Phases));
        rows.Add(table);
        rows.AddRange(snapshot.IsOver ? [] : snapshot.Gates.Select(static gate => new Text($"{Sign(WorkStatus.Waiting)} {gate.Title}: {gate.Remedy}", new Style(Color.Yellow))));
        return new Rows(rows);
    }

    private static string Head(RunSnapshot snapshot, TimeProvider time)
    {
        var run = snapshot.Run;
        string?[] parts =
        [
            Words.Line(run.Name ?? run.WorkflowId, 48),
            Words.Status(run.Status),
            string.Create(CultureInfo.InvariantCulture, $"{run.Progress?.Percent ?? 0:0}%"),
            $"{snapshot.Finished}/{Words.Count(snapshot.Tasks.Count, "task")}",
            Words.Elapsed(snapshot.Elapsed(time)),
            Words.Usage(run.Usage),
        ];
        return string.Join("  ", parts.Where(static part => !string.IsNullOrEmpty(part)));
    }

    private static Text PhaseLine(IReadOnlyList<PhaseInfo> phases) =>
        new(string.Join("  ", phases.Select(phase => $"{Sign(phase.Status)} {Words.Line(phase.Title ?? phase.Id, 32)}")));

    /// <summary>What goes on comes first, then what ended last.</summary>
    private static IEnumerable<TaskInfo> Interesting(IReadOnlyList<TaskInfo> tasks)
    {
        var active = tasks.Where(static task => !task.Status.IsTerminal() && task.Status != WorkStatus.Queued).Take(MostTasks).ToList();
        var ended = tasks.Where(static task => task.Status.IsTerminal()).OrderByDescending(static task => task.CompletedAt).Take(MostTasks - active.Count);
        return ended.Reverse().Concat(active);
    }

    private static string Duration(TaskInfo task, TimeProvider time) =>
        task.StartedAt is { } started ? Words.Elapsed((task.CompletedAt ?? time.GetUtcNow()) - started) : "";

    private static string Note(TaskInfo task) => task switch
    {
        { Error: { } error } => Words.Line(error.Message, 60),
        { Attempt: > 1 } => string.Create(CultureInfo.InvariantCulture, $"attempt {task.Attempt}"),
        { Status: WorkStatus.Completed } => Words.Usage(task.Usage),
        _ => Words.Line(task.Progress?.CurrentStep ?? "", 60),
    };

    private static Text Cell(string text, int width) => new(Words.Line(text, width));

    private static Text Mark(WorkStatus status) => new(Sign(status), new Style(status switch
    {
        WorkStatus.Completed => Color.Green,
        WorkStatus.Failed => Color.Red,
        WorkStatus.Running => Color.Blue,
        WorkStatus.Retrying or WorkStatus.Waiting or WorkStatus.Paused => Color.Yellow,
        _ => Color.Grey,
    }));

    private static string Sign(WorkStatus status) => status switch
    {
        WorkStatus.Completed => "✓",
        WorkStatus.Failed => "✗",
        WorkStatus.Running => "▶",
        WorkStatus.Retrying => "↻",
        WorkStatus.Waiting or WorkStatus.Paused => "⏸",
        WorkStatus.Cancelled or WorkStatus.Skipped => "–",
        _ => "·",
    };
}
