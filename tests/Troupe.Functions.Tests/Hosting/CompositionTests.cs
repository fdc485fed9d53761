using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Troupe.Core.Deliveries;
using Troupe.Functions.Hosting;
using Troupe.Web.Hosting;

namespace Troupe.Functions.Tests.Hosting;

public sealed partial class CompositionTests
{
    private const string Emulator = "UseDevelopmentStorage=true";

    [Fact]
    public void Services_AllOfThem_HaveWhatTheyNeed()
    {
        using var host = Build(new(Sample(), StringComparer.Ordinal) { ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development" });

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(host.Services.GetRequiredService<Troupe.Functions.Http.ApiPipeline>());
    }

    [Fact]
    public void UnknownKeys_OfTheSampleSettings_AreNone() => Assert.Empty(Unknown(Sample()));

    [Fact]
    public void UnknownKeys_OfTheTemplates_AreNone()
    {
        var template = File.ReadAllText(Repository.File("infra/modules/app.bicep"));
        var settings = SettingName().Matches(template).Select(static match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.Contains("Troupe__Access__EntraId", settings);
        Assert.Empty(Unknown(settings.ToDictionary(static name => name, static _ => (string?)"true", StringComparer.Ordinal)));
    }

    [Fact]
    public void UnknownKeys_MisspeltOnes_AreNamed() => Assert.Equal(
        ["Troupe:Acess", "Troupe:AzureStorage:Prefx"],
        Unknown(new(StringComparer.Ordinal) { ["Troupe__Acess__EntraId"] = "true", ["Troupe__AzureStorage__Prefx"] = "x" }).Order(StringComparer.Ordinal));

    [Fact]
    public void Start_NobodyCouldBeToldApart_IsRefused()
    {
        using var host = Build(new(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = Emulator });

        var refused = Assert.Throws<OptionsValidationException>(host.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("Troupe:Access:EntraId", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhooks_InAzure_CarryTheAppsOwnAddress()
    {
        using var host = Build(new(StringComparer.Ordinal) { ["WEBSITE_HOSTNAME"] = "app.azurewebsites.net", ["AzureWebJobsStorage"] = Emulator });

        Assert.Equal(new Uri("https://app.azurewebsites.net"), host.Services.GetRequiredService<IOptions<WebhookOptions>>().Value.PublicUrl);
    }

    private static List<string> Unknown(Dictionary<string, string?> settings)
    {
        var log = new ListLoggerProvider();
        using var host = Build(settings, log);

        UnknownKeys.Warn(host.Services);

        return [.. log.Lines.Select(static line => QuotedName().Match(line).Groups[1].Value)];
    }

    /// <summary>The host without the platform's part, from settings as the environment has them.</summary>
    private static IHost Build(Dictionary<string, string?> settings, ILoggerProvider? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), setting.Value)));
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));

        // ASP.NET Core brings it on the platform.
        builder.Services.AddSingleton(new DiagnosticListener("tests"));
        Composition.Add(builder.Services, builder.Configuration);
        return builder.Build();
    }

    private static Dictionary<string, string?> Sample()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.File("local.settings.sample.json")));
        return sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(static value => value.Name, static value => value.Value.GetString(), StringComparer.Ordinal);
    }

    [GeneratedRegex("Troupe__[A-Za-z_]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SettingName();

    [GeneratedRegex("'([^']+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedName();
}
