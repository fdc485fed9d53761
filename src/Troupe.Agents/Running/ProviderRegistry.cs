using Microsoft.Extensions.Options;
using Troupe.Agents.Providers;
using Troupe.Core.Agents;

namespace Troupe.Agents.Running;

/// <summary>All providers, and which of them runs an agent.</summary>
internal sealed class ProviderRegistry
{
    private static readonly string[] Order =
        [ProviderNames.Anthropic, ProviderNames.OpenAI, ProviderNames.AzureOpenAI, ProviderNames.Gemini, ProviderNames.OpenAICompatible];

    private static readonly AgentDefinition Anyone = new() { Name = "any", SystemPrompt = "", Version = "" };

    private readonly Dictionary<string, IAgentProvider> byName;
    private readonly string? standard;

    public ProviderRegistry(IEnumerable<IAgentProvider> providers, IOptions<AgentsOptions> options)
    {
        byName = providers.ToDictionary(provider => provider.Name, StringComparer.OrdinalIgnoreCase);
        var configured = Array.Find(Order, name => byName.TryGetValue(name, out var provider) && provider.WhyNot(Anyone) is null);
        standard = options.Value.Provider ?? configured ?? (options.Value.SimulateByDefault ? ProviderNames.Simulated : null);
    }

    public IAgentProvider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The agent's own provider, else the standard one; null where the agent names none and none is configured.</summary>
    public string? NameFor(AgentDefinition agent) => agent.Provider ?? standard;
}
