using Troupe.Client;

namespace Troupe.Cli.Running;

/// <summary>A run and its tasks as they stood at one moment.</summary>
/// <param name="Gates">What it waits for from outside; known only where its events are followed.</param>
internal sealed record RunSnapshot(WorkflowInfo Run, IReadOnlyList<TaskInfo> Tasks, IReadOnlyList<OpenGate> Gates)
{
    public bool IsOver => Run.Status.IsTerminal();

    public int Finished => Tasks.Count(static task => task.Status.IsTerminal());

    public static async Task<RunSnapshot> TakeAsync(TroupeClient client, string workflowId, CancellationToken cancellationToken)
    {
        var run = await client.WorkflowAsync(workflowId, cancellationToken);
        return new RunSnapshot(run, await client.TasksAsync(workflowId, cancellationToken).ToListAsync(cancellationToken), []);
    }

    public TimeSpan Elapsed(TimeProvider time)
    {
        var begun = Run.StartedAt ?? Run.CreatedAt;
        return begun is null ? TimeSpan.Zero : (Run.CompletedAt ?? time.GetUtcNow()) - begun.Value;
    }
}
