using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Core.Hosting;
using Troupe.Web.Access;
using Troupe.Web.Approvals;
using Troupe.Web.Artifacts;
using Troupe.Web.Catalogs;
using Troupe.Web.Deliveries;
using Troupe.Web.Errors;
using Troupe.Web.Executors;
using Troupe.Web.Health;
using Troupe.Web.Keys;
using Troupe.Web.Launching;
using Troupe.Web.Management;
using Troupe.Web.Notifications;
using Troupe.Web.Safety;
using Troupe.Web.Slack;
using Troupe.Web.Streaming;
using Troupe.Web.Tasks;
using Troupe.Web.Workflows;

namespace Troupe.Web.Hosting;

/// <summary>The HTTP surface of Troupe, for any host of ASP.NET Core.</summary>
public static class TroupeWeb
{
    /// <summary>Adds what the handlers need beside Core's services, the stores and the engine's client. Without keys (<c>AddTroupeKeys</c>) and another <see cref="ICallerAccessor"/> every caller is the user <c>local</c>.</summary>
    public static IServiceCollection AddTroupeWeb(this IServiceCollection services, Action<TroupeWebOptions>? configure = null)
    {
        services.AddOptions<TroupeWebOptions>()
            .Configure<IServiceProvider>(static (options, provider) => provider.GetService<IConfiguration>()?.GetSection(TroupeWebOptions.Section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton(new OptionsSection(TroupeWebOptions.Section, typeof(TroupeWebOptions)));
        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TroupeWebOptions>, TroupeWebOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<KeyGuard>();
        services.AddSingleton<StatusTokens>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<RunVisibility>();
        services.TryAddSingleton<ICallerAccessor, KeyCaller>();
        services.TryAddSingleton<IReadiness, ReadyAtOnce>();
        services.AddSingleton<Urls>();
        services.AddSingleton<ShutdownSignal>();
        services.AddSingleton<StreamLives>();
        services.AddSingleton<LongPoll>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<NotificationStream>();
        services.AddSingleton<GraphReader>();
        services.AddSingleton<ClientLimits>();
        return services.AddRouting();
    }

    /// <summary>Adds error handling, the guards, routing, roles and limits, in the order that they need. Map the endpoints after it.</summary>
    public static IApplicationBuilder UseTroupe(this IApplicationBuilder app) => app
        .UseMiddleware<SecurityHeaders>()
        .UseMiddleware<ErrorHandling>()
        .UseMiddleware<HostGuard>()
        .UseRouting()
        .UseMiddleware<OriginGuard>()
        .UseMiddleware<BodyGuard>()
        .UseMiddleware<RoleGate>()
        .UseMiddleware<RunGate>()
        .UseMiddleware<Limits>();

    /// <summary>Maps every route of the API, each with the role that it needs.</summary>
    public static IEndpointRouteBuilder MapTroupe(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealth();
        var api = endpoints.MapGroup(Urls.Api);
        api.MapHealth();
        api.MapLaunches();
        api.MapTasks();
        api.MapWorkflows();
        api.MapEvents();
        api.MapApprovals();
        api.MapExecutors();
        api.MapDeliveries();
        api.MapSubscriptions();
        api.MapNotifications();
        api.MapPreferences();
        api.MapSlack();
        api.MapArtifacts();
        api.MapAgents();
        api.MapDefinitions();
        if (endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(KeyRing)))
        {
            api.MapKeys();
            api.MapSession();
            api.MapApprovalLinks();
        }

        endpoints.MapManagement(Urls.Durable);
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<TroupeWebOptions>>().Value.DurableAlias is { } alias)
            endpoints.MapManagement(alias);
        return endpoints;
    }
}
