using System.Text.Json.Nodes;

namespace Troupe.Functions.Tests.Hosting;

/// <summary>What scales the app knows the deployed file alone, and none of the settings that override it.</summary>
public sealed class HostFileTests
{
    private const string Storage = "host.json";

    private const string Scheduler = "infra/host.scheduler.json";

    [Theory]
    [InlineData(Storage)]
    [InlineData(Scheduler)]
    public void HubName_OfEitherBackend_IsTheTemplates(string file) => Assert.Contains(
        $"var taskHubName = '{(string?)Durable(file)["hubName"]}'", File.ReadAllText(Repository.File("infra/main.bicep")), StringComparison.Ordinal);

    [Fact]
    public void Template_HubAndConnection_AreNotOverriddenWhereTheScalerCannotSeeIt()
    {
        Assert.DoesNotContain("__hubName", Template(), StringComparison.Ordinal);
        Assert.DoesNotContain("__connectionStringName", Template(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scheduler_File_IsTheStoragesWithAnotherProvider()
    {
        var (storage, scheduler) = (Json(Storage), Json(Scheduler));
        var provider = Provider(scheduler);

        Assert.Equal("AzureStorage", (string?)Provider(storage)["type"]);
        Assert.Equal("azureManaged", (string?)provider["type"]);
        Assert.Contains($"\n  {(string?)provider["connectionStringName"]}: 'Endpoint=", Template(), StringComparison.Ordinal);
        storage["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider");
        scheduler["extensions"]!["durableTask"]!.AsObject().Remove("storageProvider");
        Assert.Equal(storage.ToJsonString(), scheduler.ToJsonString());
    }

    [Fact]
    public void Output_OfTheApp_HasTheStoragesFile() => Assert.Equal(
        File.ReadAllText(Repository.File(Storage)),
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    private static string Template() => File.ReadAllText(Repository.File("infra/modules/app.bicep"));

    private static JsonObject Provider(JsonNode host) => host["extensions"]!["durableTask"]!["storageProvider"]!.AsObject();

    private static JsonObject Durable(string file) => Json(file)["extensions"]!["durableTask"]!.AsObject();

    private static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(Repository.File(file)))!;
}
