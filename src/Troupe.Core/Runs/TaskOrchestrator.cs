using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>One task: attempts with back-off between them, each a number of model turns with tool calls. Its instance id is the task's id.</summary>
public sealed class TaskOrchestrator : Orchestrator<TaskInput, TaskOutcome>
{
    public override async Task<TaskOutcome> RunAsync(OrchestrationContext context, TaskInput input)
    {
        ChildOfRun.Require(context);
        var prepared = await context.CallActivityAsync<PreparedTask>(nameof(PrepareTask), input);
        var execution = new TaskExecution(context, input, prepared);
        Inbox.Open(context, execution.Post);
        return prepared switch
        {
            { Ended: WorkStatus.Skipped or WorkStatus.Cancelled } => await execution.EndAsync(new TaskChange { Status = prepared.Ended.Value }),
            { Ended: { } reused } => new TaskOutcome(new NodeOutcome(reused), Usage.None),
            { Failure: { } failure } => await execution.EndAsync(new TaskChange { Status = WorkStatus.Failed, Failure = failure }),
            _ => await execution.RunAsync(),
        };
    }
}
