using System.Globalization;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>One line for each change, for logs and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IRunDisplay
{
    private readonly Dictionary<string, (WorkStatus Status, int Attempt)> _told = new(StringComparer.Ordinal);

    public void Show(RunSnapshot snapshot)
    {
        var at = $"[{Words.Elapsed(snapshot.Elapsed(time)),6}]";
        var phases = snapshot.Run.Phases.Count > 1 ? snapshot.Run.Phases : [];
        foreach (var phase in phases.Where(phase => phase.Status != WorkStatus.Queued && IsNew("phase " + phase.Id, phase.Status, 0)))
            output.WriteLine($"{at} {Words.Status(phase.Status),-9} phase {Words.Line(phase.Title ?? phase.Id)}");
        foreach (var task in snapshot.Tasks.Where(task => task.Status != WorkStatus.Queued && IsNew(task.TaskId, task.Status, task.Attempt)))
            output.WriteLine($"{at} {Words.Status(task.Status),-9} {Describe(task)}");
        foreach (var gate in snapshot.Gates.Where(gate => IsNew("gate " + gate.Id, WorkStatus.Waiting, 0)))
            output.WriteLine($"{at} waiting   for {gate.Title}: {gate.Remedy}");
    }

    private bool IsNew(string key, WorkStatus status, int attempt)
    {
        if (_told.TryGetValue(key, out var told) && told == (status, attempt))
            return false;
        _told[key] = (status, attempt);
        return true;
    }

    private static string Describe(TaskInfo task)
    {
        var parts = new List<string> { Words.Line(task.Title ?? task.Key ?? task.TaskId, 60) };
        if (task.Agent is { } agent)
            parts.Add($"({Words.Line(agent, 40)})");
        if (task.Attempt > 1)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"attempt {task.Attempt}"));
        if (task.Status == WorkStatus.Retrying && task.NextRetryAt is { } next)
            parts.Add($"next try at {Words.Time(next)}");
        if (task.Error is { } error)
            parts.Add($"- {Words.Line(error.Message)}");
        if (task.Status == WorkStatus.Completed && Words.Usage(task.Usage) is { Length: > 0 } usage)
            parts.Add($"- {usage}");
        return string.Join(' ', parts);
    }
}
