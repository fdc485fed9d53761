using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>The result of a run: that of the task which its definition names, else of its last task.</summary>
internal static class RunResult
{
    /// <summary>Null where that task did not complete.</summary>
    public static async Task<TaskResult?> ReadAsync(TroupeClient client, RunSnapshot run, CancellationToken cancellationToken)
    {
        var task = run.Run.ResultTaskId is { } named
            ? run.Tasks.FirstOrDefault(task => task.TaskId == named)
            : run.Tasks.LastOrDefault(static task => task.Status == WorkStatus.Completed);
        return task?.Status == WorkStatus.Completed ? await client.TaskResultAsync(task.TaskId, cancellationToken) : null;
    }
}
