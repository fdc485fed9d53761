using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Troupe.Core;
using Troupe.Functions.Http;
using DurableTaskRegistry = Troupe.Durable.DurableTaskRegistry;

namespace Troupe.Functions.Tests.Hosting;

public sealed class FunctionTests
{
    private static readonly DurableTaskRegistry Registry = new DurableTaskRegistry().AddTroupe();

    private static readonly IReadOnlyList<(string Name, MethodInfo Method)> Functions =
    [
        .. typeof(ApiFunctions).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods())
            .Select(static method => (method.GetCustomAttribute<FunctionAttribute>()?.Name!, method))
            .Where(static function => function.Item1 is not null),
    ];

    [Fact]
    public void Orchestrators_EachHaveAFunctionOfTheirName() => Assert.Equal(
        Registry.Orchestrators.Keys.Select(static key => key.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        Names<OrchestrationTriggerAttribute>());

    [Fact]
    public void HostFile_DefaultVersion_IsTheOrchestratorsNewest()
    {
        // The platform leaves alone what is newer than its own version.
        var host = JsonElement.Parse(File.ReadAllText(Repository.File("host.json")));
        var version = host.GetProperty("extensions").GetProperty("durableTask").GetProperty("defaultVersion").GetString();

        Assert.All(Registry.Orchestrators.Keys, key => Assert.Equal(version, Registry.NewestVersion(key.Name)));
    }

    [Fact]
    public void Activities_EachHaveAFunctionOfTheirName() =>
        Assert.Equal(Registry.Activities.Keys.Order(StringComparer.Ordinal), Names<ActivityTriggerAttribute>());

    [Fact]
    public void Activities_TakeAndGiveWhatTheirFunctionsSay()
    {
        foreach (var (name, method) in With<ActivityTriggerAttribute>())
        {
            var activity = typeof(CoreServices).Assembly.GetTypes().Single(type => type.Name == name);
            var typed = activity.BaseType!.GetGenericArguments();
            Assert.Equal(typed[0], method.GetParameters().Single(static parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType);
            Assert.Equal(typed[1], method.ReturnType.GetGenericArguments().Single());
        }
    }

    [Fact]
    public void CatchAll_SortsAfterEveryOtherHttpFunction()
    {
        var names = Names<HttpTriggerAttribute>();

        Assert.Equal(ApiFunctions.CatchAll, names.Order(StringComparer.OrdinalIgnoreCase).Last());
        Assert.Equal(ApiFunctions.CatchAll, names.Order(StringComparer.Ordinal).Last());
        Assert.Equal("{*path}", TriggerOf(With<HttpTriggerAttribute>().Single(static function => function.Name == ApiFunctions.CatchAll).Method).Route);
    }

    [Fact]
    public void HttpFunctions_AreAnonymousToThePlatformAndBringTheClient() => Assert.All(With<HttpTriggerAttribute>(), static function =>
    {
        Assert.Equal(AuthorizationLevel.Anonymous, TriggerOf(function.Method).AuthLevel);
        Assert.True(BringsTheClient(function.Method));
    });

    [Theory]
    [InlineData(nameof(Core.Runs.Activities.RecordRun))]
    [InlineData(nameof(Core.Runs.Activities.RecordTask))]
    [InlineData(nameof(Core.Runs.Activities.PrepareTask))]
    [InlineData(nameof(Core.Concurrency.FindEnded))]
    public void Activities_OfEveryRun_BringTheClientToInstancesThatServeNoRequests(string name) =>
        Assert.True(BringsTheClient(With<ActivityTriggerAttribute>().Single(function => function.Name == name).Method));

    private static bool BringsTheClient(MethodInfo method) => method.GetParameters()
        .Any(static parameter => parameter.ParameterType == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)));

    private static HttpTriggerAttribute TriggerOf(MethodInfo method) =>
        method.GetParameters().Select(static parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).Single(static trigger => trigger is not null)!;

    private static IEnumerable<string> Names<TTrigger>()
        where TTrigger : Attribute => With<TTrigger>().Select(static function => function.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Name, MethodInfo Method)> With<TTrigger>()
        where TTrigger : Attribute =>
        Functions.Where(static function => function.Method.GetParameters().Any(static parameter => parameter.IsDefined(typeof(TTrigger))));
}
