using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Troupe.Agents;
using Troupe.Core;
using Troupe.Core.Concurrency;
using Troupe.Core.Following;
using Troupe.Core.Hosting;
using Troupe.Core.Json;
using Troupe.Core.Runs;
using Troupe.Durable;
using Troupe.Engine;
using Troupe.Integrations;
using Troupe.Storage;
using Troupe.Web.Health;
using Troupe.Web.Hosting;

namespace Troupe.Cli.Serving;

/// <summary>What the embedded host is made of.</summary>
internal static class Composition
{
    public const string EngineSection = "Troupe:Engine";

    /// <summary>The longest that a stopping server waits for what it is doing.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    public static void Add(IServiceCollection services, IConfiguration configuration, DataFolder data, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton<IHostLifetime, CommandLifetime>();
        if (Telemetry.IsConfigured(configuration))
            services.AddHostedService<Telemetry>();
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = Drain);
        services.AddTroupeStorage(storage => storage.DataFolder = data.Path);
        services.AddTroupeCore();
        services.AddTroupeKeys();
        services.AddTroupeAgents(configuration);
        services.AddTroupeIntegrations(configuration);
        services.AddTroupeWorkflows(configuration);
        services.Configure<ConcurrencyOptions>(configuration.GetSection(ConcurrencyOptions.Section));
        services.AddSingleton(new OptionsSection(EngineSection, typeof(EngineOptions)));
        services.AddTroupeEngine(new DurableTaskRegistry().AddTroupe(), engine =>
        {
            configuration.GetSection(EngineSection).Bind(engine);
            engine.DataFolder = data.Path;
            engine.JsonSerializerOptions = TroupeJson.Options;

            var limits = configuration.GetSection(ConcurrencyOptions.Section).Get<ConcurrencyOptions>() ?? new ConcurrencyOptions();

            // Model turns take long: some room is always left for the short activities that keep the records.
            var agents = Math.Max(1, limits.Agents ?? engine.MaxConcurrentActivities * 3 / 4);
            engine.ConcurrencyKeyLimits.TryAdd(ConcurrencyKeys.AgentTurns, agents);
            if (limits.Agents is not null && engine.MaxConcurrentActivities > 0)
                engine.MaxConcurrentActivities = Math.Max(engine.MaxConcurrentActivities, agents * 4 / 3);

            // Receivers of webhooks may be slow, or many: what waits for them takes no slot of the runs.
            engine.ConcurrencyKeyLimits.TryAdd(ConcurrencyKeys.AllWebhooks, Math.Max(1, limits.WebhooksPerReceiver ?? 2));
            engine.SlotsApart.TryAdd(ConcurrencyKeys.AllWebhooks, 256);
        });
        services.AddSingleton<IReadiness, EngineReadiness>();
        services.AddHostedService<KeeperService>();
        services.AddHostedService<EventFollowerService>();
        services.AddTroupeWeb(static web => web.DurableAlias ??= "/runtime/webhooks/durabletask");
    }

    public static void Use(WebApplication app)
    {
        app.UseTroupe();
        app.MapTroupe();
    }

    /// <summary>The command that started the server ends it, not the framework's own signal handlers.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
