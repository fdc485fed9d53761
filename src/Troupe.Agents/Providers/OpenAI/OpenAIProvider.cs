using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>OpenAI, Azure OpenAI, Gemini, and any endpoint that speaks the same.</summary>
internal sealed class OpenAIProvider(OpenAIFlavor flavor, ProviderKeys keys, ProviderHttp http, IAzureOpenAIClientFactory azure) : IAgentProvider
{
    private readonly ConcurrentDictionary<string, IChatClient> clients = new(StringComparer.Ordinal);
    private readonly ProviderOptions options = keys.OptionsOf(flavor.Name);

    public string Name => flavor.Name;

    public TimeSpan Timeout => options.Timeout;

    public string? ModelOf(AgentDefinition agent) => flavor.Models.Resolve(agent.Model, options) ?? keys.ModelOf(Name);

    public Failure? WhyNot(AgentDefinition agent)
    {
        if (flavor.NeedsKey && keys.KeyOf(Name) is null)
            return new(FailureKinds.MissingApiKey, $"The provider {Name} has no key: set the environment variable {ProviderKeys.VariableOf(Name)}.");
        if (Endpoint is null)
            return new(FailureKinds.MissingApiKey, $"The provider {Name} has no address: set the environment variable {ProviderKeys.EndpointVariableOf(Name)} or {AgentsOptions.Section}:Providers:{Name}:Endpoint.");
        return ModelOf(agent) is null
            ? new(FailureKinds.MissingDependencies, $"The provider {Name} has no model: set {AgentsOptions.Section}:Providers:{Name}:Model or the environment variable {ProviderKeys.ModelVariableOf(Name)}.")
            : null;
    }

    public IChatClient ClientFor(AgentTurnRequest request) => clients.GetOrAdd(ModelOf(request.Agent)!, Create);

    private Uri? Endpoint
    {
        get
        {
            var endpoint = keys.EndpointOf(Name, flavor.Endpoint);
            var isResource = Name == ProviderNames.AzureOpenAI && endpoint is not null && !endpoint.AbsolutePath.Contains("/openai", StringComparison.OrdinalIgnoreCase);
            return isResource ? new Uri($"{endpoint!.AbsoluteUri.TrimEnd('/')}/openai/v1/") : endpoint;
        }
    }

    private OpenAIChatClient Create(string model)
    {
        var settings = new OpenAIClientOptions
        {
            Endpoint = Endpoint,
            Transport = new HttpClientPipelineTransport(http.For(Name)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        var key = keys.KeyOf(Name);
        var client = key is null && Name == ProviderNames.AzureOpenAI
            ? azure.Create(model, settings)
            : new ChatClient(model, new ApiKeyCredential(key ?? "none"), settings);
        return new OpenAIChatClient(client, options.MaxOutputTokens, flavor.LegacyMaxTokens);
    }
}
