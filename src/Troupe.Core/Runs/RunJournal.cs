using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>Tells the records of a run's changes, each with the next revision.</summary>
internal sealed class RunJournal(OrchestrationContext context, string runId)
{
    private long _revision;

    public Task WriteAsync(RunChange change) =>
        context.CallActivityAsync(nameof(RecordRun), change with { RunId = runId, Revision = ++_revision });

    /// <param name="status">A status that does not end the run.</param>
    /// <param name="told">The event that tells of it; null where the change is not worth one.</param>
    public Task StatusAsync(WorkStatus status, string? told = null) => WriteAsync(new RunChange { Status = status, Told = told });
}
