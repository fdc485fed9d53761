using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Troupe.Functions.Storage;

/// <summary>What is not set is taken from the storage account of the Functions host, so that one account needs no second setting.</summary>
internal sealed class AzureStorageDefaults(IConfiguration configuration) : IPostConfigureOptions<AzureStorageOptions>
{
    private const string Host = "AzureWebJobsStorage";

    public void PostConfigure(string? name, AzureStorageOptions options)
    {
        var host = configuration.GetSection(Host);
        if (options is { ConnectionString: null, TableServiceUri: null, BlobServiceUri: null }) options.ConnectionString = host.Value;
        options.TableServiceUri ??= ServiceUri(host, "table");
        options.BlobServiceUri ??= ServiceUri(host, "blob");
        options.ClientId ??= host["clientId"];
    }

    private static Uri? ServiceUri(IConfigurationSection host, string service)
    {
        if (Uri.TryCreate(host[$"{service}ServiceUri"], UriKind.Absolute, out var uri)) return uri;
        return host["accountName"] is { } account ? new Uri($"https://{account}.{service}.core.windows.net") : null;
    }
}
