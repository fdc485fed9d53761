using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Hosting;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Functions.Storage.Access;
using Troupe.Functions.Storage.Artifacts;
using Troupe.Functions.Storage.Cursors;
using Troupe.Functions.Storage.Deliveries;
using Troupe.Functions.Storage.Documents;
using Troupe.Functions.Storage.Events;
using Troupe.Functions.Storage.Gates;
using Troupe.Functions.Storage.Indexes;
using Troupe.Functions.Storage.Notifications;
using Troupe.Functions.Storage.Runs;
using Troupe.Functions.Storage.Settings;
using Troupe.Functions.Storage.Tables;

namespace Troupe.Functions.Storage;

internal static class AzureStorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds the stores of the Azure host, over tables and blobs: the counterpart of every port that the embedded host's storage has. They
    /// open when the host starts, or with their first use where there is no host. Options come from <see cref="AzureStorageOptions.Section"/>.
    /// </summary>
    public static IServiceCollection AddAzureStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AzureStorageOptions>().Bind(configuration.GetSection(AzureStorageOptions.Section)).ValidateOnStart();
        services.AddSingleton(new OptionsSection(AzureStorageOptions.Section, typeof(AzureStorageOptions)));
        services.AddSingleton<IPostConfigureOptions<AzureStorageOptions>>(new AzureStorageDefaults(configuration));
        services.AddSingleton<IValidateOptions<AzureStorageOptions>, AzureStorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => AzureStorageClients.CreateCredential(provider.GetRequiredService<IOptions<AzureStorageOptions>>()));
        services.AddSingleton(static provider => AzureStorageClients.CreateTables(
            provider.GetRequiredService<IOptions<AzureStorageOptions>>(), provider.GetRequiredService<Lazy<TokenCredential>>(), provider.GetRequiredService<StoreOutage>()));
        services.AddSingleton(static provider => AzureStorageClients.CreateBlobs(
            provider.GetRequiredService<IOptions<AzureStorageOptions>>(), provider.GetRequiredService<Lazy<TokenCredential>>(), provider.GetRequiredService<StoreOutage>()));
        services.AddSingleton<StoreOutage>();
        services.AddHostedService<AzureStorageStartup>();
        return services.AddRows().AddPorts();
    }

    private static IServiceCollection AddRows(this IServiceCollection services) => services
        .AddSingleton<RecordTables>()
        .AddSingleton<ArtifactContainer>()
        .AddSingleton<JsonCells>()
        .AddSingleton<Conflicts>()
        .AddSingleton<AppendSignals>()
        .AddSingleton<PointerTable>()
        .AddSingleton<EventRows>()
        .AddSingleton<RecentEvents>()
        .AddSingleton<EventFeed>()
        .AddSingleton<FeedReader>()
        .AddSingleton<RunWriter>()
        .AddSingleton<RunTable>()
        .AddSingleton<RunList>()
        .AddSingleton<TaskTable>()
        .AddSingleton<TurnTable>()
        .AddSingleton<PendingTasks>()
        .AddSingleton<LaunchKeys>()
        .AddSingleton<RunCreation>()
        .AddSingleton<RunLaunches>()
        .AddSingleton<CallbackTable>();

    private static IServiceCollection AddPorts(this IServiceCollection services) => services
        .AddSingleton<IRunStore, TableRunStore>()
        .AddSingleton<IEventLog, TableEventLog>()
        .AddSingleton<IGateStore, TableGateStore>()
        .AddSingleton<IDocumentStore, TableDocumentStore>()
        .AddSingleton<IDeliveryStore, TableDeliveryStore>()
        .AddSingleton<ICursorStore, TableCursorStore>()
        .AddSingleton<ISettingStore, TableSettingStore>()
        .AddSingleton<NotifiedUsers>()
        .AddSingleton<INotificationStore, TableNotificationStore>()
        .AddSingleton<IKeyStore, TableKeyStore>()
        .AddSingleton<ISecretStore, TableSecretStore>()
        .AddSingleton<IArtifactStore, BlobArtifactStore>();
}
