namespace Troupe.Functions.Storage;

/// <summary>Where the Azure host keeps its records and artifacts (section <c>Troupe:AzureStorage</c>).</summary>
internal sealed class AzureStorageOptions
{
    public const string Section = "Troupe:AzureStorage";

    /// <summary>
    /// A storage connection string, for the emulator. Default: <c>AzureWebJobsStorage</c>, where that is one. Null for access by identity.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>For example <c>https://account.table.core.windows.net</c>. Default: <c>AzureWebJobsStorage__tableServiceUri</c>.</summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>For example <c>https://account.blob.core.windows.net</c>. Default: <c>AzureWebJobsStorage__blobServiceUri</c>.</summary>
    public Uri? BlobServiceUri { get; set; }

    /// <summary>The client id of the user-assigned identity. Default: <c>AzureWebJobsStorage__clientId</c>; null for the ambient identity.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// What the names of the tables and of the blob container begin with: 3 to 32 letters and digits, a letter first. Default <c>Troupe</c>.
    /// Two apps may share an account under two prefixes.
    /// </summary>
    public string Prefix { get; set; } = "Troupe";

    /// <summary>How often readers look for events that another instance stored: 100 ms to 30 s, default 1 s. Each waiting reader costs one read per interval.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
