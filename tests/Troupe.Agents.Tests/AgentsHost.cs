using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Core.Agents;
using Troupe.Core.Records;
using Troupe.Testing;

namespace Troupe.Agents.Tests;

/// <summary>The services of the project as a host composes them, with given settings and a clock that stands still.</summary>
internal sealed class AgentsHost : IDisposable
{
    private readonly ServiceProvider services;

    private AgentsHost(Dictionary<string, string?> settings, IDocumentStore? documents)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        if (documents is not null)
            collection.AddSingleton(documents);
        collection.AddTroupeAgents(configuration);
        services = collection.BuildServiceProvider(validateScopes: true);
    }

    public ManualTimeProvider Time { get; } = new();

    public IAgentCatalog Catalog => Get<IAgentCatalog>();

    public IAgentRunner Runner => Get<IAgentRunner>();

    /// <summary>Settings as <c>Key=value</c>; those that begin with a capital and no underscore stand under <c>Troupe:Agents</c>.</summary>
    public static AgentsHost Create(params string[] settings) => Create(documents: null, settings);

    public static AgentsHost Create(IDocumentStore? documents, params string[] settings)
    {
        var pairs = settings.Select(setting => setting.Split('=', 2)).ToDictionary(
            pair => pair[0].Contains('_', StringComparison.Ordinal) ? pair[0] : "Troupe:Agents:" + pair[0], pair => (string?)pair[1]);
        pairs.TryAdd("Troupe:Agents:BuiltIn", "false");
        return new(pairs, documents);
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public Task<AgentTurnResult> RunAsync(AgentDefinition agent, string prompt = "Hello", Func<AgentTurnRequest, AgentTurnRequest>? change = null, CancellationToken cancellationToken = default)
    {
        var request = new AgentTurnRequest { Agent = agent, Messages = [new(MessageRole.User, prompt)] };
        return Runner.RunTurnAsync(change?.Invoke(request) ?? request, cancellationToken);
    }

    public void Dispose() => services.Dispose();
}
