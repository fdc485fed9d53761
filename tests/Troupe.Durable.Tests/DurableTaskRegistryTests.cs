using Microsoft.Extensions.DependencyInjection;
using Troupe.Testing.Contract;

namespace Troupe.Durable.Tests;

public sealed class DurableTaskRegistryTests
{
    [Fact]
    public void AddOrchestrator_SameNameAndVersionInOtherCase_IsRefused()
    {
        var registry = new DurableTaskRegistry().Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "1");

        var error = Assert.Throws<ArgumentException>(() => registry.Orchestrator<int, int>("RUN", (_, n) => Task.FromResult(n), "1"));

        Assert.Contains("'RUN' of version '1'", error.Message, StringComparison.Ordinal);
        registry.Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), "2");
        Assert.Equal(2, registry.Orchestrators.Count);
    }

    [Fact]
    public void NewestVersion_OfSeveral_IsTheHighestWhateverTheOrder()
    {
        var registry = new DurableTaskRegistry();
        foreach (var version in (string[])["1.9", "1.10", "1.2"])
            registry.Orchestrator<int, int>("Run", (_, n) => Task.FromResult(n), version);

        Assert.Equal("1.10", registry.NewestVersion("run"));
        Assert.Null(registry.NewestVersion("nobody"));
    }

    [Fact]
    public void AddActivity_SameName_IsRefused()
    {
        var registry = new DurableTaskRegistry().Activity<int, int>("A", n => n);

        Assert.Throws<ArgumentException>(() => registry.Activity<int, int>("a", n => n));
        Assert.True(registry.Activities.ContainsKey("a"));
    }

    [Fact]
    public async Task Add_ByType_IsNamedAfterItAndRunsUntyped()
    {
        var registry = new DurableTaskRegistry().AddOrchestrator<Same>().AddActivity<Twice>();
        using var services = new ServiceCollection().BuildServiceProvider();
        var activity = registry.Activities["Twice"](services);
        var orchestrator = registry.Orchestrators[("Same", "")](services);

        Assert.Equal((typeof(int), typeof(long)), (activity.InputType, activity.OutputType));
        Assert.Equal((typeof(string), typeof(string)), (orchestrator.InputType, orchestrator.OutputType));
        Assert.Equal(8L, await activity.RunAsync(new ActivityContext("Twice", "i", default), 4));
        Assert.Null(await orchestrator.RunAsync(null!, null));
    }

    private sealed class Twice : Activity<int, long>
    {
        public override Task<long> RunAsync(ActivityContext context, int input) => Task.FromResult(input * 2L);
    }

    private sealed class Same : Orchestrator<string?, string?>
    {
        public override Task<string?> RunAsync(OrchestrationContext context, string? input) => Task.FromResult(input);
    }
}
