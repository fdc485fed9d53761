using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Troupe.Core.Concurrency;
using Troupe.Core.Deliveries;
using Troupe.Core.Planning;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Activities;

/// <summary>One function for each activity of a run, under its name.</summary>
public sealed class RunActivityFunctions(ActivityRunner activities)
{
    [Function(nameof(Core.Runs.Activities.LoadRun))]
    public Task<LoadedRun?> LoadRun([ActivityTrigger] RunInput input, FunctionContext context) =>
        activities.RunAsync<RunInput, LoadedRun?>(input, context);

    [Function(nameof(Core.Runs.Activities.RecordRun))]
    public Task<bool> RecordRun([ActivityTrigger] RunChange input, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        activities.RunAsync<RunChange, bool>(input, client, context);

    [Function(nameof(Core.Runs.Activities.ExpandForEach))]
    public Task<Expansion> ExpandForEach([ActivityTrigger] TaskInput input, FunctionContext context) =>
        activities.RunAsync<TaskInput, Expansion>(input, context);

    [Function(nameof(Core.Runs.Activities.RecordGroup))]
    public Task<NodeOutcome> RecordGroup([ActivityTrigger] GroupEnd input, FunctionContext context) =>
        activities.RunAsync<GroupEnd, NodeOutcome>(input, context);

    [Function(nameof(Core.Deliveries.Deliver))]
    public Task<NextAttempt> Deliver([ActivityTrigger] DeliverInput input, FunctionContext context) =>
        activities.RunAsync<DeliverInput, NextAttempt>(input, context);

    [Function(nameof(Core.Concurrency.FindEnded))]
    public Task<IReadOnlyList<string>> FindEnded(
        [ActivityTrigger] FindEndedInput input, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        activities.RunAsync<FindEndedInput, IReadOnlyList<string>>(input, client, context);
}
