using System.Collections.Concurrent;
using Anthropic;
using Anthropic.Core;
using Microsoft.Extensions.AI;
using Troupe.Core.Agents;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Anthropic;

/// <summary>Claude through Anthropic's own SDK.</summary>
internal sealed class AnthropicProvider : IAgentProvider, IDisposable
{
    private const int StandardMaxOutputTokens = 8192;
    private static readonly Uri Address = new("https://api.anthropic.com");
    private static readonly ModelNames Models = new("claude-sonnet-5-5", "claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", ["claude-"]);

    private readonly ConcurrentDictionary<string, IChatClient> clients = new(StringComparer.Ordinal);
    private readonly Lazy<AnthropicClient> client;
    private readonly ProviderOptions options;
    private readonly ProviderKeys keys;

    public AnthropicProvider(ProviderKeys keys, ProviderHttp http)
    {
        this.keys = keys;
        options = keys.OptionsOf(Name);
        client = new(() => new AnthropicClient(new ClientOptions
        {
            ApiKey = keys.KeyOf(Name),
            BaseUrl = keys.EndpointOf(Name, Address)!.AbsoluteUri.TrimEnd('/'),
            HttpClient = http.For(Name),
            MaxRetries = 0,
            Timeout = options.Timeout + TimeSpan.FromMinutes(1),
        }));
    }

    public string Name => ProviderNames.Anthropic;

    public TimeSpan Timeout => options.Timeout;

    public string? ModelOf(AgentDefinition agent) => Models.Resolve(agent.Model, options);

    public Failure? WhyNot(AgentDefinition agent) => keys.KeyOf(Name) is null
        ? new(FailureKinds.MissingApiKey, $"The provider {Name} has no key: set the environment variable {ProviderKeys.VariableOf(Name)}.")
        : null;

    public IChatClient ClientFor(AgentTurnRequest request) => clients.GetOrAdd(
        ModelOf(request.Agent)!, model => client.Value.AsIChatClient(model, options.MaxOutputTokens ?? StandardMaxOutputTokens));

    public void Dispose()
    {
        if (client.IsValueCreated)
            client.Value.Dispose();
    }
}
