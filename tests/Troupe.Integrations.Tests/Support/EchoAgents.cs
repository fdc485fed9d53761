using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Integrations.Tests.Support;

/// <summary>Agents that answer with their prompt.</summary>
internal sealed class EchoAgents : IAgentCatalog, IAgentRunner, IWorkflowCatalog
{
    public IReadOnlyList<Problem> Problems => [];

    public Task<AgentDefinition?> FindAsync(string nameOrPath, CancellationToken cancellationToken) =>
        Task.FromResult<AgentDefinition?>(new AgentDefinition { Name = nameOrPath, SystemPrompt = "", Version = "1" });

    public Task<IReadOnlyList<AgentDefinition>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AgentDefinition>>([]);

    public (AgentDefinition? Agent, IReadOnlyList<Problem> Problems) Read(string name, string markdown) => (null, []);

    public Task<AgentTurnResult> RunTurnAsync(AgentTurnRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new AgentTurnResult { Outcome = TurnOutcome.Answer, Text = request.Messages[^1].Text });

    Task<WorkflowSource?> IWorkflowCatalog.FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<WorkflowSource?>(null);

    Task<IReadOnlyList<WorkflowSource>> IWorkflowCatalog.ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkflowSource>>([]);
}
