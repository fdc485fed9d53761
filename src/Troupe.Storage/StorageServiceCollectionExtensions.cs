using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Core.Stores;
using Troupe.Durable;
using Troupe.Storage.Access;
using Troupe.Storage.Artifacts;
using Troupe.Storage.Cursors;
using Troupe.Storage.Deliveries;
using Troupe.Storage.Documents;
using Troupe.Storage.Events;
using Troupe.Storage.Gates;
using Troupe.Storage.Notifications;
using Troupe.Storage.Records;
using Troupe.Storage.Runs;
using Troupe.Storage.Settings;

namespace Troupe.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds the embedded <see cref="IRunStore"/>, <see cref="IEventLog"/>, <see cref="IGateStore"/>, <see cref="IDocumentStore"/>,
    /// <see cref="IDeliveryStore"/>, <see cref="ICursorStore"/>, <see cref="ISettingStore"/>, <see cref="INotificationStore"/>, <see cref="IKeyStore"/>,
    /// <see cref="ISecretStore"/> and <see cref="IArtifactStore"/>. They open when the host starts, or with the first use where there is no host; dispose the
    /// container asynchronously. Another process on the same folder makes the start fail and is named.
    /// </summary>
    public static IServiceCollection AddTroupeStorage(this IServiceCollection services, Action<StorageOptions> configure)
    {
        services.AddOptions<StorageOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageFolder>();
        services.AddSingleton<RecordsDatabase>();
        services.AddSingleton<IStoreHealth>(static provider => provider.GetRequiredService<RecordsDatabase>());
        services.AddSingleton<AppendSignals>();
        services.AddSingleton<EventWriter>();
        services.AddSingleton<ArtifactFiles>();
        services.AddSingleton<IRunStore, SqliteRunStore>();
        services.AddSingleton<IEventLog, SqliteEventLog>();
        services.AddSingleton<IGateStore, SqliteGateStore>();
        services.AddSingleton<IDocumentStore, SqliteDocumentStore>();
        services.AddSingleton<IDeliveryStore, SqliteDeliveryStore>();
        services.AddSingleton<ICursorStore, SqliteCursorStore>();
        services.AddSingleton<IKeyStore, SqliteKeyStore>();
        services.AddSingleton<ISecretStore, SqliteSecretStore>();
        services.AddSingleton<ISettingStore, SqliteSettingStore>();
        services.AddSingleton<INotificationStore, SqliteNotificationStore>();
        services.AddSingleton<IArtifactStore, LocalArtifactStore>();
        services.AddHostedService<StorageStartup>();
        return services;
    }
}
