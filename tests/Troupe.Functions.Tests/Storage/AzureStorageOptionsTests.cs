using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Troupe.Functions.Storage;

namespace Troupe.Functions.Tests.Storage;

public sealed class AzureStorageOptionsTests
{
    [Fact]
    public void Options_ConnectionStringOfTheHost_IsTaken() =>
        Assert.Equal("UseDevelopmentStorage=true", Read(("AzureWebJobsStorage", "UseDevelopmentStorage=true")).ConnectionString);

    [Fact]
    public void Options_IdentityOfTheHost_IsTaken()
    {
        var options = Read(
            ("AzureWebJobsStorage:blobServiceUri", "https://a.blob.core.windows.net"),
            ("AzureWebJobsStorage:tableServiceUri", "https://a.table.core.windows.net"),
            ("AzureWebJobsStorage:clientId", "id"));

        Assert.Null(options.ConnectionString);
        Assert.Equal(new Uri("https://a.blob.core.windows.net"), options.BlobServiceUri);
        Assert.Equal(new Uri("https://a.table.core.windows.net"), options.TableServiceUri);
        Assert.Equal("id", options.ClientId);
    }

    [Fact]
    public void Options_AccountNameOfTheHost_BecomesItsAddresses() =>
        Assert.Equal(new Uri("https://acc.table.core.windows.net"), Read(("AzureWebJobsStorage:accountName", "acc")).TableServiceUri);

    [Fact]
    public void Options_OwnAddresses_ComeBeforeTheHosts()
    {
        var options = Read(
            ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
            ("Troupe:AzureStorage:TableServiceUri", "https://b.table.core.windows.net"),
            ("Troupe:AzureStorage:BlobServiceUri", "https://b.blob.core.windows.net"));

        Assert.Null(options.ConnectionString);
        Assert.Equal("b.table.core.windows.net", options.TableServiceUri!.Host);
    }

    [Theory]
    [InlineData("Troupe:AzureStorage:Prefix", "a")]
    [InlineData("Troupe:AzureStorage:Prefix", "1abc")]
    [InlineData("Troupe:AzureStorage:Prefix", "ab-c")]
    [InlineData("Troupe:AzureStorage:PollInterval", "00:00:00.010")]
    [InlineData("Troupe:AzureStorage:PollInterval", "00:01:00")]
    public void Options_OutOfRange_AreRefusedByName(string key, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read(("AzureWebJobsStorage", "UseDevelopmentStorage=true"), (key, value)));

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_NoAccountAtAll_AreRefused() =>
        Assert.Contains("AzureWebJobsStorage", Assert.Throws<OptionsValidationException>(() => Read()).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_AddressWithoutTls_IsRefused() => Assert.Throws<OptionsValidationException>(() => Read(
        ("Troupe:AzureStorage:TableServiceUri", "http://a.table.core.windows.net"),
        ("Troupe:AzureStorage:BlobServiceUri", "https://a.blob.core.windows.net")));

    private static AzureStorageOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build();
        using var services = new ServiceCollection().AddAzureStores(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<AzureStorageOptions>>().Value;
    }
}
