using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Hosting;
using Troupe.Core.Http;
using Troupe.Core.Notifications;
using Troupe.Core.Notifications.Channels;
using Troupe.Core.Runs;
using Troupe.Core.Slack;
using Troupe.Integrations.Channels;
using Troupe.Integrations.Email;
using Troupe.Integrations.Slack;
using Troupe.Integrations.Webhooks;

namespace Troupe.Integrations;

/// <summary>Adds what talks to other systems to a host.</summary>
public static class IntegrationsServices
{
    /// <summary>
    /// Adds <see cref="IWebhookSender"/> and the channels of notifications, configured by the sections <c>Troupe:Webhooks</c>,
    /// <c>Troupe:Outgoing</c>, <c>Troupe:Notifications</c>, <c>Troupe:Smtp</c> and <c>Troupe:Slack</c>. Where the first
    /// has no <c>PublicUrl</c>, <c>Troupe:Web:PublicUrl</c> is taken. Wrong options fail the host's start.
    /// </summary>
    public static IServiceCollection AddTroupeIntegrations(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<OutgoingOptions>(configuration.GetSection(OutgoingOptions.Section));
        services.Configure<WebhookOptions>(configuration.GetSection(WebhookOptions.Section));
        services.PostConfigure<WebhookOptions>(options =>
            options.PublicUrl ??= Uri.TryCreate(configuration["Troupe:Web:PublicUrl"], UriKind.Absolute, out var url) ? url : null);
        services.AddSingleton<IWebhookSender, WebhookSender>();
        return services.AddChannels(configuration);
    }

    private static IServiceCollection AddChannels(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new OptionsSection(NotificationOptions.Section, typeof(NotificationOptions)));
        services.AddSingleton(new OptionsSection(SmtpOptions.Section, typeof(SmtpOptions)));
        services.Configure<NotificationOptions>(configuration.GetSection(NotificationOptions.Section));
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection(SmtpOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>());
        services.AddSingleton<INotificationChannel, LogChannel>();
        services.AddSingleton<INotificationChannel, EmailChannel>();
        return services.AddSlack(configuration);
    }

    private static IServiceCollection AddSlack(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new OptionsSection(SlackOptions.Section, typeof(SlackOptions)));
        services.AddOptions<SlackOptions>().Bind(configuration.GetSection(SlackOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SlackOptions>, SlackOptionsValidator>());
        services.AddSingleton<SlackClient>();
        services.AddSingleton<SlackPeople>();
        services.AddSingleton<IKnownPeople>(static provider => provider.GetRequiredService<SlackPeople>());
        services.AddSingleton<SlackSignature>();
        services.AddSingleton<SlackCommands>();
        services.AddSingleton<SlackInteractions>();
        services.AddSingleton<SlackWorker>();
        services.AddSingleton<SlackReplies>();
        services.AddSingleton<IDeliveryCarrier>(static provider => provider.GetRequiredService<SlackReplies>());
        services.AddSingleton<IRetention, SlackRetention>();
        services.AddSingleton<LateAnswers>();
        services.AddSingleton<ISlackApp, SlackApp>();
        services.AddSingleton<INotificationChannel, SlackChannel>();
        return services;
    }
}
