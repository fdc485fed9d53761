using System.Globalization;
using Troupe.Cli.Terminal;
using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>One line for each change, in the order of time, for logs and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time) : IRunDisplay
{
    private readonly Dictionary<string, (WorkStatus Status, int Attempt)> _told = new(StringComparer.Ordinal);

    public void Show(RunSnapshot snapshot)
    {
        var now = time.GetUtcNow();
        var phases = snapshot.Run.Phases.Count > 1 ? snapshot.Run.Phases : [];
        var changes = phases.Where(phase => IsNews("phase " + phase.Id, phase.Status, 0)).Select(phase => Change.Of(phase, now))
            .Concat(snapshot.Tasks.Where(task => IsNews(task.TaskId, task.Status, task.Attempt)).Select(task => Change.Of(task, now)))
            .Concat(snapshot.Gates.Where(gate => IsNews("gate " + gate.Id, WorkStatus.Waiting, 0)).Select(gate => Change.Of(gate, now)));
        var begun = snapshot.Run.StartedAt ?? snapshot.Run.CreatedAt ?? now;
        foreach (var change in changes.OrderBy(static change => change.At).ThenBy(static change => change.Rank))
            output.WriteLine($"[{Words.Elapsed(change.At > begun ? change.At - begun : TimeSpan.Zero),6}] {Words.Status(change.Status),-9} {change.Text}");
    }

    private bool IsNews(string key, WorkStatus status, int attempt)
    {
        if (status == WorkStatus.Queued || (_told.TryGetValue(key, out var told) && told == (status, attempt)))
            return false;
        _told[key] = (status, attempt);
        return true;
    }

    /// <param name="Rank">Of what happened at one instant: tasks end, their phase ends, the next one begins, its tasks begin.</param>
    private sealed record Change(DateTimeOffset At, int Rank, WorkStatus Status, string Text)
    {
        public static Change Of(PhaseInfo phase, DateTimeOffset now) => new(
            When(phase.Status, phase.StartedAt, phase.CompletedAt, now), phase.Status.IsTerminal() ? 1 : 2, phase.Status, $"phase {Words.Line(phase.Title ?? phase.Id)}");

        public static Change Of(TaskInfo task, DateTimeOffset now) => new(
            When(task.Status, task.Attempt > 1 ? null : task.StartedAt, task.CompletedAt, now), task.Status.IsTerminal() ? 0 : 3, task.Status, Describe(task));

        public static Change Of(OpenGate gate, DateTimeOffset now) => new(now, 4, WorkStatus.Waiting, $"for {gate.Title}: {gate.Remedy}");

        private static DateTimeOffset When(WorkStatus status, DateTimeOffset? started, DateTimeOffset? completed, DateTimeOffset now) =>
            (status.IsTerminal() ? completed : status == WorkStatus.Running ? started : null) ?? now;

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
}
