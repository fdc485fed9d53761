using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Troupe.Durable;

namespace Troupe.Engine;

/// <summary>Adds the embedded engine to a host.</summary>
public static class EngineServiceCollectionExtensions
{
    /// <summary>
    /// Registers the engine as a hosted service, and its <see cref="IOrchestrationClient"/> and <see cref="IStoreHealth"/>. The engine starts with the host, before
    /// hosted services that are registered later.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IServiceCollection AddTroupeEngine(
        this IServiceCollection services, DurableTaskRegistry registry, Action<EngineOptions>? configure = null)
    {
        var options = new EngineOptions();
        configure?.Invoke(options);
        options.Validate();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DurableEngine(
            registry, options, provider, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<DurableEngine>());
        services.AddSingleton(static provider => provider.GetRequiredService<DurableEngine>().Client);
        services.AddSingleton<IStoreHealth>(static provider => provider.GetRequiredService<DurableEngine>());
        return services;
    }
}
