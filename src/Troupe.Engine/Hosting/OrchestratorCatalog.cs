using Troupe.Durable;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Hosting;

/// <summary>Which orchestrator runs for a name and a version.</summary>
internal sealed class OrchestratorCatalog
{
    private readonly DurableTaskRegistry _registry;
    private readonly IServiceProvider _services;
    private readonly Dictionary<string, string> _newest;

    public OrchestratorCatalog(DurableTaskRegistry registry, IServiceProvider services)
    {
        _registry = registry;
        _services = services;
        _newest = registry.Orchestrators.Keys
            .Select(static key => key.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static name => name, name => registry.NewestVersion(name)!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The newest version registered under a name; null where there is none.</summary>
    public string? Newest(string name) => _newest.GetValueOrDefault(name);

    public bool Has(string name, string version) => _registry.Orchestrators.ContainsKey((name, version));

    /// <exception cref="OrchestrationBlockedException">It is not registered, or cannot be created.</exception>
    public IOrchestrator Create(string name, string version)
    {
        if (!_registry.Orchestrators.TryGetValue((name, version), out var factory))
            throw new OrchestrationBlockedException(
                $"No orchestrator '{name}' of version '{version}' is registered. {Registered(name)} Register it again, or terminate the instance.");
        try
        {
            return factory(_services);
        }
        // Whatever a constructor throws is a fault of the deployment, which must cost no instance its life.
        catch (Exception exception)
        {
            throw new OrchestrationBlockedException($"The orchestrator '{name}' of version '{version}' cannot be created: {exception.Message}", exception);
        }
    }

    private string Registered(string name)
    {
        var versions = _registry.Orchestrators.Keys.Where(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(static key => $"'{key.Version}'").Order(StringComparer.Ordinal).ToList();
        return versions.Count == 0 ? "The name is not registered at all." : $"Registered are the versions {string.Join(", ", versions)}.";
    }
}
