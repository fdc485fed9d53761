using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Core.Http;
using Troupe.Core.Notifications.Channels;
using Troupe.Integrations.Channels;
using Troupe.Integrations.Email;
using Troupe.Integrations.Webhooks;

namespace Troupe.Integrations;

/// <summary>Adds what talks to other systems to a host.</summary>
public static class IntegrationsServices
{
    /// <summary>
    /// Adds <see cref="IWebhookSender"/> and the channels of notifications, configured by the sections <c>Troupe:Webhooks</c>,
    /// <c>Troupe:Outgoing</c> and <c>Troupe:Smtp</c>. Where the former
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
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection(SmtpOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>());
        services.AddSingleton<INotificationChannel, LogChannel>();
        services.AddSingleton<INotificationChannel, EmailChannel>();
        return services;
    }
}
