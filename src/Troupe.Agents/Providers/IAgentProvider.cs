using Microsoft.Extensions.AI;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers;

/// <summary>What can run an agent's turn.</summary>
internal interface IAgentProvider
{
    /// <summary>One of <see cref="ProviderNames"/>.</summary>
    string Name { get; }

    /// <summary>Why it can't be called for this agent as things are configured; null where it can.</summary>
    Failure? WhyNot(AgentDefinition agent);

    /// <summary>The model that it will use; null where it has none.</summary>
    string? ModelOf(AgentDefinition agent);

    /// <summary>The client for one turn. Clients are cheap to get; the caller does not dispose of them.</summary>
    IChatClient ClientFor(AgentTurnRequest request);

    /// <summary>How long one call may take.</summary>
    TimeSpan Timeout { get; }
}
