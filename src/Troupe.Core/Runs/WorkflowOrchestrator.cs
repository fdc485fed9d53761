using Troupe.Core.Records;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// One run: starts what the planner says is ready, keeps at most <c>max_concurrency</c> tasks going, and takes commands (cancel,
/// pause, resume) at any time. Its instance id is the run's id.
/// </summary>
public sealed class WorkflowOrchestrator : Orchestrator<RunInput, RunOutcome>
{
    public override async Task<RunOutcome> RunAsync(OrchestrationContext context, RunInput input)
    {
        if (context.InstanceId != input.RunId)
            return new RunOutcome(WorkStatus.Failed, new Failure(FailureKinds.BadRequest, $"'{context.InstanceId}' is not the run '{input.RunId}'. Launch or rerun runs through the API."));
        var run = await context.CallActivityAsync<LoadedRun?>(nameof(LoadRun), input);
        if (run is null)
            return new RunOutcome(WorkStatus.Failed, new Failure(FailureKinds.BadRequest, $"There is no record of a run '{input.RunId}'. Launch runs through the API."));
        using var execution = new RunExecution(context, input.RunId, run);
        return await execution.RunAsync();
    }
}
