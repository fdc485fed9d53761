using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>Tells the records of a task's changes, each with the next revision, and adds up what they have used.</summary>
internal sealed class TaskJournal(OrchestrationContext context, string taskId)
{
    // The first is that of the task's preparation.
    private long _revision = 1;

    public string TaskId { get; } = taskId;

    public Usage Usage { get; private set; } = Usage.None;

    /// <summary>The next revision, for a change that an activity makes by itself.</summary>
    public long Take() => ++_revision;

    public Task WriteAsync(TaskChange change)
    {
        Usage = Usage.Add(change.Usage);
        return context.CallActivityAsync(nameof(RecordTask), change with { TaskId = TaskId, Revision = Take() });
    }
}
