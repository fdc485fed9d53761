using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Deliveries;
using Troupe.Core.Http;
using Troupe.Integrations.Webhooks;

namespace Troupe.Integrations;

/// <summary>Adds what talks to other systems to a host.</summary>
public static class IntegrationsServices
{
    /// <summary>
    /// Adds <see cref="IWebhookSender"/>, configured by the sections <c>Troupe:Webhooks</c> and <c>Troupe:Outgoing</c>. Where the former
    /// has no <c>PublicUrl</c>, <c>Troupe:Web:PublicUrl</c> is taken. Wrong options fail the host's start.
    /// </summary>
    public static IServiceCollection AddTroupeIntegrations(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<OutgoingOptions>(configuration.GetSection(OutgoingOptions.Section));
        services.Configure<WebhookOptions>(configuration.GetSection(WebhookOptions.Section));
        services.PostConfigure<WebhookOptions>(options =>
            options.PublicUrl ??= Uri.TryCreate(configuration["Troupe:Web:PublicUrl"], UriKind.Absolute, out var url) ? url : null);
        services.AddSingleton<IWebhookSender, WebhookSender>();
        return services;
    }
}
