using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <param name="Percent">0 to 100; it never goes back.</param>
/// <param name="CurrentStep">What goes on now, in words; null where nothing does.</param>
/// <param name="EstimatedTimeRemaining">Null where nothing is known to go by.</param>
public sealed record Progress(double Percent, string? CurrentStep, TimeSpan? EstimatedTimeRemaining);

public sealed record RunView(RunRecord Run, RunTotals Totals, Progress Progress);

public sealed record TaskView(TaskRecord Task, Progress Progress);

/// <summary>Runs and tasks with their progress.</summary>
public sealed class RunViews(IRunStore runs, TimeProvider time)
{
    public async Task<RunView?> GetAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(runId, cancellationToken);
        if (run is null)
            return null;
        var totals = await runs.GetTotalsAsync(runId, cancellationToken);
        return new RunView(run, totals, Of(run, totals));
    }

    public async Task<TaskView?> GetTaskAsync(string taskId, CancellationToken cancellationToken)
    {
        var task = await runs.GetTaskAsync(taskId, cancellationToken);
        return task is null ? null : new TaskView(task, await OfAsync(task, cancellationToken));
    }

    private Progress Of(RunRecord run, RunTotals totals)
    {
        if (run.Status == WorkStatus.Completed)
            return new Progress(100, null, TimeSpan.Zero);
        var done = Math.Clamp(totals.DoneWeight, 0, 1);
        if (run.Status.IsTerminal())
            return new Progress(Percent(done), null, null);
        TimeSpan? left = run.StartedAt is { } started && done > 0.02
            ? (time.GetUtcNow() - started) * ((1 - done) / done)
            : null;
        return new Progress(Math.Min(Percent(done), 99.9), totals.RunningTitles.Count == 0 ? null : string.Join(", ", totals.RunningTitles), left);
    }

    /// <summary>A task is half-way where as much time has gone by as half of what its agent usually takes; it is never said to be done before it is.</summary>
    private async Task<Progress> OfAsync(TaskRecord task, CancellationToken cancellationToken)
    {
        if (task.Status.IsTerminal())
            return new Progress(task.Status is WorkStatus.Completed or WorkStatus.Skipped ? 100 : 0, null, task.Status == WorkStatus.Completed ? TimeSpan.Zero : null);
        var usual = task.Agent is null ? null : await runs.EstimateDurationAsync(task.Agent, cancellationToken);
        if (usual is not { } estimate || task.StartedAt is not { } started || estimate <= TimeSpan.Zero)
            return new Progress(0, task.CurrentStep, usual);
        var gone = time.GetUtcNow() - started;
        return new Progress(Math.Min(Percent(gone / estimate), 95), task.CurrentStep, gone < estimate ? estimate - gone : TimeSpan.Zero);
    }

    private static double Percent(double fraction) => Math.Round(Math.Clamp(fraction, 0, 1) * 100, 1);
}
