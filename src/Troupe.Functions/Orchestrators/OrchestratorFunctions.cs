using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Troupe.Core.Concurrency;
using Troupe.Core.Deliveries;
using Troupe.Core.Runs;
using Troupe.Functions.Adapter;

namespace Troupe.Functions.Orchestrators;

/// <summary>One function for each orchestrator, under its name.</summary>
public sealed class OrchestratorFunctions(OrchestratorRunner orchestrators)
{
    [Function(nameof(WorkflowOrchestrator))]
    public Task<object?> Workflow([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    [Function(nameof(PartOrchestrator))]
    public Task<object?> Part([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    [Function(nameof(TaskOrchestrator))]
    public Task<object?> SingleTask([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    [Function(nameof(GateOrchestrator))]
    public Task<object?> Gate([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    [Function(nameof(DeliveryOrchestrator))]
    public Task<object?> Delivery([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);

    [Function(nameof(ConcurrencyGateOrchestrator))]
    public Task<object?> ConcurrencyGate([OrchestrationTrigger] TaskOrchestrationContext context) => orchestrators.RunAsync(context);
}
