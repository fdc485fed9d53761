using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Definitions;
using Troupe.Core.Hosting;

namespace Troupe.Web.Hosting;

/// <summary>Adds workflow definitions to a host.</summary>
public static class WorkflowServices
{
    public const string Section = "Troupe:Workflows";

    /// <summary>Adds <see cref="IWorkflowCatalog"/> over the configured folders, then the workflows that are shipped beside the program.</summary>
    public static IServiceCollection AddTroupeWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new WorkflowCatalogOptions
        {
            Folders =
            [
                .. configuration.GetSection($"{Section}:Folders").Get<string[]>() ?? [],
                Path.Combine(AppContext.BaseDirectory, "workflows"),
            ],
        });
        services.AddSingleton(new OptionsSection(Section, typeof(WorkflowCatalogOptions)));
        return services.AddSingleton<IWorkflowCatalog, WorkflowCatalog>();
    }
}
