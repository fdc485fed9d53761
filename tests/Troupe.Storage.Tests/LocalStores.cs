using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Storage.Records;
using Troupe.Testing.Stores;

namespace Troupe.Storage.Tests;

/// <summary>The stores of a folder, as a host registers them.</summary>
internal sealed class LocalStores(string folder, TimeProvider? time = null) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton(time ?? TimeProvider.System)
        .AddTroupeStorage(options => options.DataFolder = folder)
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    public IServiceProvider Services => _services;

    public IRunStore Runs => _services.GetRequiredService<IRunStore>();

    public IEventLog Events => _services.GetRequiredService<IEventLog>();

    public ICursorStore Cursors => _services.GetRequiredService<ICursorStore>();

    public ISettingStore Settings => _services.GetRequiredService<ISettingStore>();

    public IGateStore Gates => _services.GetRequiredService<IGateStore>();

    public IDocumentStore Documents => _services.GetRequiredService<IDocumentStore>();

    public IDeliveryStore Deliveries => _services.GetRequiredService<IDeliveryStore>();

    public IKeyStore Keys => _services.GetRequiredService<IKeyStore>();

    public ISecretStore Secrets => _services.GetRequiredService<ISecretStore>();

    public IArtifactStore Artifacts => _services.GetRequiredService<IArtifactStore>();

    public RecordsDatabase Database => _services.GetRequiredService<RecordsDatabase>();

    /// <summary>Stores in a folder of their own, which goes when they are closed.</summary>
    public static Task<StoreSet> OpenSetAsync(TimeProvider time)
    {
        var folder = new TemporaryFolder();
        var stores = new LocalStores(folder.Path, time);
        return Task.FromResult(new StoreSet
        {
            Runs = stores.Runs,
            Events = stores.Events,
            Cursors = stores.Cursors,
            Gates = stores.Gates,
            Documents = stores.Documents,
            Deliveries = stores.Deliveries,
            Keys = stores.Keys,
            Secrets = stores.Secrets,
            Settings = stores.Settings,
            Notifications = stores.Services.GetRequiredService<INotificationStore>(),
            Artifacts = stores.Artifacts,
            Owner = new Owner(stores, folder),
        });
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class Owner(LocalStores stores, TemporaryFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await stores.DisposeAsync();
            folder.Dispose();
        }
    }
}
