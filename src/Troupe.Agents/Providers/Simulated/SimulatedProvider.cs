using System.Text.Json;
using Microsoft.Extensions.AI;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Simulated;

/// <summary>Answers without any model: deterministic, offline, and marked as what it is.</summary>
internal sealed class SimulatedProvider(TimeProvider time) : IAgentProvider
{
    public string Name => ProviderNames.Simulated;

    public TimeSpan Timeout => System.Threading.Timeout.InfiniteTimeSpan;

    public Failure? WhyNot(AgentDefinition agent)
    {
        try
        {
            _ = ScriptOf(agent);
            return null;
        }
        catch (JsonException e)
        {
            return new Failure(FailureKinds.BadRequest, $"The key 'simulate' of the agent '{agent.Name}' is wrong: {e.Message}");
        }
    }

    public string? ModelOf(AgentDefinition agent) => ProviderNames.Simulated;

    public IChatClient ClientFor(AgentTurnRequest request) => new SimulatedChatClient(request, ScriptOf(request.Agent), time);

    private static SimulateScript ScriptOf(AgentDefinition agent) =>
        agent.Simulate is { } script ? SimulateScript.Read(script) : SimulateScript.Default;
}
