using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Approvals;
using Troupe.Core.Concurrency;
using Troupe.Core.Deliveries;
using Troupe.Core.Deliveries.Subscriptions;
using Troupe.Core.Executors;
using Troupe.Core.Following;
using Troupe.Core.Hosting;
using Troupe.Core.Http;
using Troupe.Core.Launching;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Runs.Activities;
using Troupe.Durable;

namespace Troupe.Core;

/// <summary>Composes the domain. A host adds the ports (stores, agent runner, catalogs) and an engine.</summary>
public static class CoreServices
{
    /// <summary>Adds the domain's services. The host registers <see cref="EventFollowerService"/>, and <see cref="KeeperService"/> where it has no timer trigger of its own.</summary>
    public static IServiceCollection AddTroupeCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PlanCache>();
        services.AddSingleton<PlanCompiler>();
        services.AddSingleton<TaskContexts>();
        services.AddSingleton<ToolBox>();
        services.AddSingleton<Conversations>();
        services.AddSingleton<CancelWatch>();
        services.AddSingleton(ExecutorIdentity.Create());
        services.AddSingleton<ExecutorWork>();
        services.AddSingleton<ExecutorDirectory>();
        services.AddSingleton<RunLauncher>();
        services.AddSingleton<LaunchChecker>();
        services.AddSingleton<RunFork>();
        services.AddSingleton<RunControl>();
        services.AddSingleton<EditCheck>();
        services.AddSingleton<GateDecisions>();
        services.AddSingleton<ApprovalContexts>();
        services.AddSingleton<ResultGates>();
        services.AddSingleton<GateAnswers>();
        services.AddSingleton<ApprovalInbox>();
        services.AddSingleton<CallbackReceiver>();
        services.AddSingleton<TaskAnswers>();
        services.AddSingleton<RunViews>();
        services.AddConcurrency();
        services.AddSingleton<Keeper>();
        services.AddSingleton<KeeperRounds>();
        services.TryAddSingleton<IFollowerLease, SoleFollower>();
        services.AddSingleton<ToldRuns>();
        services.AddSingleton<EventFollower>();
        services.AddSingleton<IEventConsumer, FollowUps>();
        return services.AddDeliveries().AddNotifications();
    }

    /// <summary>Adds keys and signed tokens, over the host's <see cref="IKeyStore"/> and <see cref="ISecretStore"/>.</summary>
    public static IServiceCollection AddTroupeKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyUsage>();
        services.AddHostedService(static provider => provider.GetRequiredService<KeyUsage>());
        services.AddSingleton<TokenSigner>();
        services.AddSingleton<ApprovalLinks>();
        return services;
    }

    private static void AddConcurrency(this IServiceCollection services)
    {
        services.AddSingleton(new OptionsSection(ConcurrencyOptions.Section, typeof(ConcurrencyOptions)));
        services.AddOptions<ConcurrencyOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConcurrencyOptions>, ConcurrencyOptionsValidator>());
        services.TryAddSingleton<IConcurrencyGate, QueueConcurrencyGate>();
    }

    private static IServiceCollection AddDeliveries(this IServiceCollection services)
    {
        services.AddSingleton(new OptionsSection(OutgoingOptions.Section, typeof(OutgoingOptions)));
        services.AddSingleton(new OptionsSection(WebhookOptions.Section, typeof(WebhookOptions)));
        services.AddOptions<OutgoingOptions>().ValidateOnStart();
        services.AddOptions<WebhookOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutgoingOptions>, OutgoingOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>());
        services.AddSingleton<GuardedHttp>();
        services.AddSingleton<DeliveryMessages>();
        services.AddSingleton<DeliveryOutbox>();
        services.AddSingleton<WebhookSubscriptions>();
        services.AddSingleton<IEventConsumer, CallbackUrls>();
        services.AddSingleton<IEventConsumer, Subscribers>();
        return services;
    }

    private static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddOptions<NotificationOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidator>());
        services.AddSingleton<NotificationRetention>();
        services.AddSingleton<IRetention>(static provider => provider.GetRequiredService<NotificationRetention>());
        services.AddSingleton<PreferenceBook>();
        services.AddSingleton<NotificationSignals>();
        services.AddSingleton<NotificationWriter>();
        services.AddSingleton<NotificationAudience>();
        services.AddSingleton<ChannelOutbox>();
        services.AddSingleton(static provider => new ChannelPost(
            provider.GetServices<INotificationChannel>(),
            provider.GetServices<IDeliveryCarrier>(),
            provider.GetRequiredService<INotificationStore>(),
            provider.GetRequiredService<IGateStore>(),
            provider.GetRequiredService<NotificationAudience>(),
            provider.GetService<TokenSigner>() is null ? null : provider.GetRequiredService<ApprovalLinks>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new NotificationCenter(
            provider.GetRequiredService<INotificationStore>(),
            provider.GetRequiredService<PreferenceBook>(),
            provider.GetRequiredService<NotificationSignals>(),
            provider.GetRequiredService<ChannelOutbox>()));
        services.AddSingleton<IEventConsumer, Notifier>();
        return services;
    }

    /// <summary>Adds the domain's orchestrators and activities.</summary>
    public static DurableTaskRegistry AddTroupe(this DurableTaskRegistry registry) => registry
        .AddOrchestrator<WorkflowOrchestrator>(version: Version)
        .AddOrchestrator<PartOrchestrator>(version: Version)
        .AddOrchestrator<TaskOrchestrator>(version: Version)
        .AddOrchestrator<GateOrchestrator>(version: Version)
        .AddOrchestrator<DeliveryOrchestrator>(version: Version)
        .AddOrchestrator<ConcurrencyGateOrchestrator>(version: Version)
        .AddActivity<LoadRun>()
        .AddActivity<RecordRun>()
        .AddActivity<ExpandForEach>()
        .AddActivity<RecordGroup>()
        .AddActivity<PrepareTask>()
        .AddActivity<AgentTurn>()
        .AddActivity<ToolCall>()
        .AddActivity<RecordTask>()
        .AddActivity<TakeAnswer>()
        .AddActivity<OpenGate>()
        .AddActivity<SettleGate>()
        .AddActivity<Deliver>()
        .AddActivity<FindEnded>();

    /// <summary>The version of the orchestrators. A change that would replay differently gets the next one, beside this one.</summary>
    private const string Version = "1";
}
