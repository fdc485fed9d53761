using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Agents.Catalog;
using Troupe.Agents.Pricing;
using Troupe.Agents.Providers;
using Troupe.Agents.Providers.Anthropic;
using Troupe.Agents.Providers.Command;
using Troupe.Agents.Providers.OpenAI;
using Troupe.Agents.Providers.Simulated;
using Troupe.Agents.Running;
using Troupe.Core.Agents;
using Troupe.Core.Hosting;

namespace Troupe.Agents;

/// <summary>Adds agents and their providers to a host.</summary>
public static class AgentsServices
{
    /// <summary>
    /// Adds <see cref="IAgentCatalog"/>, <see cref="IAgentRunner"/> and <see cref="TaskExecutor"/>, configured by the section
    /// <c>Troupe:Agents</c>; provider keys come from the same configuration under their usual names (for example <c>OPENAI_API_KEY</c>).
    /// Agents put by API are found where the host has an <c>IDocumentStore</c>. Azure OpenAI is called through the host's
    /// <see cref="IAzureOpenAIClientFactory"/> where one was added before. Wrong options fail the host's start.
    /// </summary>
    public static IServiceCollection AddTroupeAgents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AgentsOptions>().Bind(configuration.GetSection(AgentsOptions.Section)).ValidateOnStart();
        services.AddSingleton(new OptionsSection(AgentsOptions.Section, typeof(AgentsOptions)));
        services.AddSingleton<IValidateOptions<AgentsOptions>>(new AgentsOptionsValidator(configuration));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IAgentCatalog, AgentCatalog>();
        services.AddSingleton(provider => new ProviderKeys(provider.GetRequiredService<IOptions<AgentsOptions>>(), configuration));
        services.AddSingleton(provider => new Redactor(provider.GetRequiredService<ProviderKeys>().Secrets()));
        services.AddSingleton(provider => PriceTable.Load(provider.GetRequiredService<IOptions<AgentsOptions>>().Value.PricesFile));
        services.AddSingleton<FailureSorter>();
        services.AddSingleton<ProviderHttp>();
        services.AddProviders();
        services.AddSingleton<ProviderRegistry>();
        services.AddSingleton<ProviderTurn>();
        services.AddSingleton<IAgentRunner, AgentRunner>();
        services.AddSingleton<TaskExecutor>();
        return services;
    }

    private static void AddProviders(this IServiceCollection services)
    {
        services.TryAddSingleton<IAzureOpenAIClientFactory, DefaultIdentityClientFactory>();
        services.AddSingleton<IAgentProvider, AnthropicProvider>();
        foreach (var flavor in (OpenAIFlavor[])[OpenAIFlavor.OpenAI, OpenAIFlavor.Azure, OpenAIFlavor.Gemini, OpenAIFlavor.Compatible])
            services.AddSingleton<IAgentProvider>(provider => new OpenAIProvider(
                flavor, provider.GetRequiredService<ProviderKeys>(), provider.GetRequiredService<ProviderHttp>(), provider.GetRequiredService<IAzureOpenAIClientFactory>()));
        services.AddSingleton<IAgentProvider, CommandProvider>();
        services.AddSingleton<IAgentProvider, SimulatedProvider>();
    }
}
