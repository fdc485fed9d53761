namespace Troupe.Client.Projects;

/// <summary>Waits for a run and collects what its tasks left, in order.</summary>
internal sealed class RunAwaiter(TroupeClient client)
{
    private const int ResultsAtOnce = 8;
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ExecutionResult>> AwaitAsync(
        string workflowId, IReadOnlyList<AgentTask> tasks, CancellationToken cancellationToken)
    {
        try
        {
            await client.WaitAsync(workflowId, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(workflowId);
            throw;
        }

        var found = await client.TasksAsync(workflowId, cancellationToken).ToListAsync(cancellationToken);
        var results = new ExecutionResult[tasks.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ResultsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, tasks.Count, parallel, async (index, token) =>
            results[index] = await CollectAsync(tasks[index].Name, found[index], token));
        return results;
    }

    private async Task<ExecutionResult> CollectAsync(string name, TaskInfo task, CancellationToken cancellationToken)
    {
        var result = new ExecutionResult
        {
            Name = name,
            TaskId = task.TaskId,
            WorkflowId = task.WorkflowId,
            Status = task.Status,
            Error = task.Error,
            Usage = task.Usage,
            Attempts = task.Attempt,
        };
        if (task.Status != WorkStatus.Completed)
            return result;
        var left = await client.TaskResultAsync(task.TaskId, cancellationToken);
        return result with { Text = left.ResultText, FilesCreated = left.FilesCreated, Usage = left.Usage ?? task.Usage };
    }

    private async Task CancelAsync(string workflowId)
    {
        using var patience = new CancellationTokenSource(CancelPatience);
        try
        {
            await client.CancelAsync(workflowId, "The caller cancelled.", patience.Token);
        }
        catch (Exception failure) when (failure is TroupeApiException or TroupeUnreachableException or OperationCanceledException)
        {
            // The run has ended, or the server is gone: the caller's own cancellation is what counts.
        }
    }
}
