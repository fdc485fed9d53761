using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Troupe.Durable;

/// <summary>The orchestrators and activities that a host runs. Names ignore case.</summary>
public sealed class DurableTaskRegistry
{
    private readonly Dictionary<(string Name, string Version), Func<IServiceProvider, IOrchestrator>> _orchestrators = new(NameVersionComparer.Instance);
    private readonly Dictionary<string, Func<IServiceProvider, IActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All orchestrators by name and version.</summary>
    public IReadOnlyDictionary<(string Name, string Version), Func<IServiceProvider, IOrchestrator>> Orchestrators => _orchestrators;

    /// <summary>All activities by name.</summary>
    public IReadOnlyDictionary<string, Func<IServiceProvider, IActivity>> Activities => _activities;

    /// <summary>Adds an orchestrator, named after its class unless a name is given.</summary>
    /// <exception cref="ArgumentException">That name and version are taken.</exception>
    public DurableTaskRegistry AddOrchestrator<T>(string? name = null, string version = "")
        where T : class, IOrchestrator =>
        AddOrchestrator(name ?? typeof(T).Name, version, Creator<T>());

    /// <inheritdoc cref="AddOrchestrator{T}(string?, string)"/>
    public DurableTaskRegistry AddOrchestrator(string name, string version, Func<IServiceProvider, IOrchestrator> factory)
    {
        if (!_orchestrators.TryAdd((name, version), factory))
            throw new ArgumentException($"An orchestrator '{name}' of version '{version}' is registered already.", nameof(name));
        return this;
    }

    /// <summary>Adds an activity, named after its class unless a name is given. It is created once and must be safe to share.</summary>
    /// <exception cref="ArgumentException">That name is taken.</exception>
    public DurableTaskRegistry AddActivity<T>(string? name = null)
        where T : class, IActivity =>
        AddActivity(name ?? typeof(T).Name, static services => ActivatorUtilities.CreateInstance<T>(services));

    /// <inheritdoc cref="AddActivity{T}(string?)"/>
    public DurableTaskRegistry AddActivity(string name, Func<IServiceProvider, IActivity> factory)
    {
        if (!_activities.TryAdd(name, factory))
            throw new ArgumentException($"An activity '{name}' is registered already.", nameof(name));
        return this;
    }

    /// <summary>The newest version of an orchestrator; null where none of that name is registered.</summary>
    public string? NewestVersion(string name) => _orchestrators.Keys
        .Where(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase))
        .Select(static key => key.Version)
        .Max(VersionComparer.Instance);

    /// <summary>One is created for every execution; most are created from nothing, for which services need not be looked through.</summary>
    private static Func<IServiceProvider, T> Creator<T>()
        where T : class
    {
        if (typeof(T).GetConstructors() is not [var only] || only.GetParameters().Length > 0)
            return static services => ActivatorUtilities.CreateInstance<T>(services);
        var invoker = ConstructorInvoker.Create(only);
        return _ => (T)invoker.Invoke();
    }

    private sealed class NameVersionComparer : IEqualityComparer<(string Name, string Version)>
    {
        public static readonly NameVersionComparer Instance = new();

        public bool Equals((string Name, string Version) x, (string Name, string Version) y) =>
            StringComparer.OrdinalIgnoreCase.Equals(x.Name, y.Name) && StringComparer.Ordinal.Equals(x.Version, y.Version);

        public int GetHashCode((string Name, string Version) key) =>
            HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(key.Name), StringComparer.Ordinal.GetHashCode(key.Version));
    }
}
