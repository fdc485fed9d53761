using Azure.Core.Serialization;
using Azure.Identity;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Troupe.Agents;
using Troupe.Agents.Providers.OpenAI;
using Troupe.Core;
using Troupe.Core.Concurrency;
using Troupe.Core.Deliveries;
using Troupe.Core.Executors;
using Troupe.Core.Following;
using Troupe.Core.Hosting;
using Troupe.Core.Json;
using Troupe.Durable;
using Troupe.Functions.Access;
using Troupe.Functions.Adapter;
using Troupe.Functions.Following;
using Troupe.Functions.Http;
using Troupe.Functions.Models;
using Troupe.Functions.Storage;
using Troupe.Integrations;
using Troupe.Web.Access;
using Troupe.Web.Hosting;

namespace Troupe.Functions.Hosting;

/// <summary>What the Azure host is made of.</summary>
internal static class Composition
{
    /// <summary>The platform breaks a request off after some 230 s; before that a stream is closed and its client resumes.</summary>
    private static readonly TimeSpan LongestStream = TimeSpan.FromSeconds(180);

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<PeerProcesses>();
        services.AddAzureStores(configuration);
        services.AddSingleton<SharedFollowerLease>();
        services.AddSingleton<IFollowerLease, ClientFollowerLease>();
        services.Configure<ConcurrencyOptions>(configuration.GetSection(ConcurrencyOptions.Section));
        services.AddSingleton<IConcurrencyGate, DurableConcurrencyGate>();
        services.AddTroupeCore();
        services.AddTroupeKeys();
        services.AddModels(configuration);
        services.AddTroupeAgents(configuration);
        services.AddTroupeIntegrations(configuration);
        services.AddTroupeWorkflows(configuration);
        services.AddAccess(configuration);
        services.AddTroupeWeb(web => ConfigureWeb(web, configuration));
        services.PostConfigure<WebhookOptions>(webhooks => webhooks.PublicUrl ??= PublicUrl(configuration));
        services.AddDurable();
        services.AddHostedService<EventFollowerService>();
        services.AddHostedService<ExecutorHeartbeat>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<HostWatch>(provider, HostWatch.EndpointOf(configuration)));
    }

    /// <summary>Azure OpenAI as the identity that the app was given; where none is named, as the one that is there.</summary>
    private static void AddModels(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IAzureOpenAIClientFactory>(_ => new AzureOpenAIClientFactory(
            new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = configuration[AppService.IdentityVariable] })));

    /// <summary>The engine: the platform's. Everything that passes between functions is written as the records are.</summary>
    private static void AddDurable(this IServiceCollection services)
    {
        services.Configure<WorkerOptions>(static worker => worker.Serializer = new JsonObjectSerializer(TroupeJson.Options));
        services.AddSingleton(new DurableTaskRegistry().AddTroupe());
        services.AddSingleton<DurableClientSource>();
        services.AddSingleton<InstanceTree>();
        services.AddSingleton<IOrchestrationClient, PlatformClient>();
        services.AddSingleton<OrchestratorRunner>();
        services.AddSingleton<ActivityRunner>();
        services.AddSingleton<ApiPipeline>();
    }

    private static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateOnStart();
        services.AddSingleton(new OptionsSection(AccessOptions.Section, typeof(AccessOptions)));
        services.AddSingleton<IValidateOptions<AccessOptions>>(new AccessOptionsValidator(configuration));
        services.AddSingleton<IPlatformCaller, PlatformCallers>();
        services.AddHostedService<FirstKey>();
        services.PostConfigure<TroupeWebOptions>(web => web.RequireKeys = !configuration.GetValue<bool>($"{AccessOptions.Section}:{nameof(AccessOptions.Local)}"));
    }

    private static void ConfigureWeb(TroupeWebOptions web, IConfiguration configuration)
    {
        web.MaxStreamDuration ??= LongestStream;
        if (PublicUrl(configuration) is not { } url)
            return;
        web.AllowedHosts.Add(url.Host);
        web.PublicUrl ??= url;
    }

    private static Uri? PublicUrl(IConfiguration configuration) =>
        AppService.HostName(configuration) is { } name ? new Uri($"https://{name}") : null;
}
