using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage;

/// <summary>The clients of the storage account: by identity, or by the connection string of an emulator. They retry throttling and passing faults by themselves; what stays is <see cref="Troupe.Durable.StoreUnavailableException"/>.</summary>
internal static class AzureStorageClients
{
    private const int MaxRetries = 5;

    /// <summary>No request of ours takes this long; a connection that has died silently is given up sooner than by default.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(30);

    public static TableServiceClient CreateTables(IOptions<AzureStorageOptions> options, Lazy<TokenCredential> credential, StoreOutage outage)
    {
        var client = With(new TableClientOptions(), outage);
        return options.Value.ConnectionString is { } connection
            ? new TableServiceClient(connection, client)
            : new TableServiceClient(options.Value.TableServiceUri, credential.Value, client);
    }

    public static BlobServiceClient CreateBlobs(IOptions<AzureStorageOptions> options, Lazy<TokenCredential> credential, StoreOutage outage)
    {
        var client = With(new BlobClientOptions(), outage);
        return options.Value.ConnectionString is { } connection
            ? new BlobServiceClient(connection, client)
            : new BlobServiceClient(options.Value.BlobServiceUri, credential.Value, client);
    }

    public static Lazy<TokenCredential> CreateCredential(IOptions<AzureStorageOptions> options) => new(
        () => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.Value.ClientId }));

    private static T With<T>(T options, StoreOutage outage)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = MaxRetries;
        options.Retry.NetworkTimeout = NetworkTimeout;
        options.AddPolicy(outage, HttpPipelinePosition.PerCall);
        return options;
    }
}
