using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;
using Troupe.Functions.Storage;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>
/// The Azure stores as the host registers them, against the account of <c>TROUPE_TEST_STORAGE</c>, which is the emulator's on its usual
/// ports where it is not set. Two of them under one prefix are two instances of the app.
/// </summary>
internal sealed class AzureStores : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="network">Stands between the clients, of which the tables' then tries again at once, and their network.</param>
    public AzureStores(string prefix, TimeProvider time, HttpPipelinePolicy? network = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(time)
            .AddLogging()
            .AddAzureStores(new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("AzureWebJobsStorage", Account),
                new("Troupe:AzureStorage:Prefix", prefix),
            ]).Build());
        if (network is not null)
            services.AddSingleton(Tables(network)).AddSingleton(Blobs(network));
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public static string Account { get; } = Environment.GetEnvironmentVariable("TROUPE_TEST_STORAGE") ?? "UseDevelopmentStorage=true";

    public IRunStore Runs => Get<IRunStore>();

    public IEventLog Events => Get<IEventLog>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IEnumerable<T> GetAll<T>() => _services.GetServices<T>();

    public static string NewPrefix() => $"t{Guid.NewGuid():N}"[..20];

    /// <summary>Empty stores, which are removed when they are closed.</summary>
    public static Task<StoreSet> OpenSetAsync(TimeProvider time)
    {
        var prefix = NewPrefix();
        var stores = new AzureStores(prefix, time);
        return Task.FromResult(new StoreSet
        {
            Runs = stores.Runs,
            Events = stores.Events,
            Cursors = stores.Get<ICursorStore>(),
            Gates = stores.Get<IGateStore>(),
            Documents = stores.Get<IDocumentStore>(),
            Settings = stores.Get<ISettingStore>(),
            Notifications = stores.Get<INotificationStore>(),
            Deliveries = stores.Get<IDeliveryStore>(),
            Keys = stores.Get<IKeyStore>(),
            Secrets = stores.Get<ISecretStore>(),
            Artifacts = stores.Get<IArtifactStore>(),
            Owner = new Owner(stores, prefix),
        });
    }

    /// <summary>Deletes the tables and the container of a prefix.</summary>
    public static async Task RemoveAsync(string prefix)
    {
        var tables = new TableServiceClient(Account);
        await foreach (var table in tables.QueryAsync())
        {
            if (table.Name.StartsWith(prefix, StringComparison.Ordinal)) await tables.DeleteTableAsync(table.Name);
        }

        await new BlobServiceClient(Account).GetBlobContainerClient($"{prefix}-artifacts").DeleteIfExistsAsync();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static TableServiceClient Tables(HttpPipelinePolicy network)
    {
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) } };
        options.AddPolicy(network, HttpPipelinePosition.PerRetry);
        return new TableServiceClient(Account, options);
    }

    private static BlobServiceClient Blobs(HttpPipelinePolicy network)
    {
        var options = new BlobClientOptions();
        options.AddPolicy(network, HttpPipelinePosition.PerRetry);
        return new BlobServiceClient(Account, options);
    }

    private sealed class Owner(AzureStores stores, string prefix) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await stores.DisposeAsync();
            await RemoveAsync(prefix);
        }
    }
}
