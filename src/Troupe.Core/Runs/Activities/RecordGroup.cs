using System.Text.Json.Nodes;
using Troupe.Core.Artifacts;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs.Activities;

/// <summary>Writes the end of a <c>for_each</c>: its result is the list of its items' results, in their order.</summary>
public sealed class RecordGroup(IRunStore runs, IArtifactStore artifacts, PlanCache plans, TimeProvider time) : Activity<GroupEnd, NodeOutcome>
{
    public override async Task<NodeOutcome> RunAsync(ActivityContext context, GroupEnd input)
    {
        var plan = await plans.GetAsync(input.Plan, context.CancellationToken);
        var node = plan.Nodes.First(node => node.Key == input.Node);
        var outcome = input.Outcome with { Continue = input.Outcome.Status == WorkStatus.Failed && node.Task!.Options.OnFailure == Definitions.OnFailure.Continue };
        var list = await ResultsAsync(input, context.CancellationToken);
        var result = await artifacts.ToContentAsync(list, context.CancellationToken, "application/json");
        var id = RunIds.Child(input.RunId, input.Node);
        var completed = outcome.Status == WorkStatus.Completed;
        await runs.UpdateTaskAsync(
            id,
            new Change<TaskRecord>(
                task => task with { Status = outcome.Status, Error = outcome.Failure, Result = result, ResultType = ResultType.Json, CompletedAt = time.GetUtcNow(), Summary = list.Shorten(280) },
                Revision: 2,
                EventData.Of(completed ? EventTypes.TaskCompleted : EventTypes.TaskFailed, id, $"ended:{id}", new { Error = EventData.Brief(outcome.Failure) })),
            context.CancellationToken);
        return outcome;
    }

    private async Task<string> ResultsAsync(GroupEnd input, CancellationToken cancellationToken)
    {
        var list = new JsonArray();
        for (var index = 0; ; index++)
        {
            var item = await runs.GetTaskAsync(RunIds.Child(input.RunId, RunIds.ItemKey(input.Node, index)), cancellationToken);
            if (item is null)
                return list.ToJsonString(Json.TroupeJson.Options);
            list.Add(await TaskContexts.ValueOfAsync(artifacts, item, cancellationToken));
        }
    }
}

public sealed record GroupEnd(string RunId, string Node, NodeOutcome Outcome, ArtifactRef Plan);
