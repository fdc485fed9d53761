using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Activities;

/// <summary>One function for each activity of a task or a gate, under its name.</summary>
public sealed class TaskActivityFunctions(ActivityRunner activities)
{
    [Function(nameof(Core.Runs.Activities.PrepareTask))]
    public Task<PreparedTask> PrepareTask([ActivityTrigger] TaskInput input, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        activities.RunAsync<TaskInput, PreparedTask>(input, client, context);

    [Function(nameof(Core.Runs.Activities.AgentTurn))]
    public Task<TurnReport> AgentTurn([ActivityTrigger] TurnInput input, FunctionContext context) =>
        activities.RunAsync<TurnInput, TurnReport>(input, context);

    [Function(nameof(Core.Runs.Activities.ToolCall))]
    public Task<bool> ToolCall([ActivityTrigger] ToolInput input, FunctionContext context) =>
        activities.RunAsync<ToolInput, bool>(input, context);

    [Function(nameof(Core.Runs.Activities.RecordTask))]
    public Task<bool> RecordTask([ActivityTrigger] TaskChange input, [DurableClient] DurableTaskClient client, FunctionContext context) =>
        activities.RunAsync<TaskChange, bool>(input, client, context);

    [Function(nameof(Core.Runs.Activities.TakeAnswer))]
    public Task<TurnReport?> TakeAnswer([ActivityTrigger] string input, FunctionContext context) =>
        activities.RunAsync<string, TurnReport?>(input, context);

    [Function(nameof(Core.Runs.Activities.OpenGate))]
    public Task<GateStatus> OpenGate([ActivityTrigger] GateInput input, FunctionContext context) =>
        activities.RunAsync<GateInput, GateStatus>(input, context);

    [Function(nameof(Core.Runs.Activities.SettleGate))]
    public Task<NodeOutcome> SettleGate([ActivityTrigger] GateSettlement input, FunctionContext context) =>
        activities.RunAsync<GateSettlement, NodeOutcome>(input, context);
}
