using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>Versions of one orchestrator side by side, over restarts of the host.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BegunWithAVersion_ANewerOneIsDeployed_GoesOnWithItsOwn()
    {
        await BeginAsync(Registry("1"));

        await using var engine = await EngineFixture.StartAsync(Registry("1", "2"), _folder);
        await engine.Client.RaiseEventAsync("run", "go", "end");

        Assert.Equal("\"1 ended\"", (await engine.EndAsync("run")).SerializedOutput);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", null, new StartOrchestrationOptions("fresh"));
        await engine.Client.RaiseEventAsync("fresh", "go", "end");
        Assert.Equal("\"2 ended\"", (await engine.EndAsync("fresh")).SerializedOutput);
    }

    [Fact]
    public async Task ContinueAsNew_ANewerVersionIsDeployed_TakesIt()
    {
        await BeginAsync(Registry("1.9"));

        await using var engine = await EngineFixture.StartAsync(Registry("1.9", "1.10"), _folder);
        await engine.Client.RaiseEventAsync("run", "go", "again");
        await engine.Client.RaiseEventAsync("run", "go", "end");

        var end = await engine.EndAsync("run");
        Assert.Equal(("\"1.10 ended\"", "1.10"), (end.SerializedOutput, end.Version));
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("2", "2")]
    public async Task Child_OfAnOldVersion_TakesItsParentsUnlessToldOtherwise(string? asked, string expected)
    {
        DurableTaskRegistry Registry(params string[] versions) => versions.Aggregate(new DurableTaskRegistry(), (registry, version) => registry
            .Orchestrator<string?, string>("Child", (context, _) => Task.FromResult(context.Version), version)
            .Orchestrator<string?, string>("Run", async (context, _) =>
            {
                await context.WaitForExternalEvent<string>("go");
                return await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions(InstanceId: "child", Version: asked));
            }, version));
        await BeginAsync(Registry("1"));

        await using var engine = await EngineFixture.StartAsync(Registry("1", "2"), _folder);
        await engine.Client.RaiseEventAsync("run", "go", "on");

        Assert.Equal($"\"{expected}\"", (await engine.EndAsync("run")).SerializedOutput);
    }

    [Fact]
    public async Task MissingVersion_Blocks_AndGoesOnOnceItIsThereAgain()
    {
        await BeginAsync(Registry("1"));
        await using (var without = await EngineFixture.StartAsync(Registry("2"), _folder))
        {
            await without.Client.RaiseEventAsync("run", "go", "end");
            var state = await without.UntilAsync("run", static state => state.BlockedReason is not null);
            Assert.Equal(OrchestrationRuntimeStatus.Running, state.RuntimeStatus);
            Assert.StartsWith("No orchestrator 'Run' of version '1' is registered. Registered are the versions '2'.", state.BlockedReason, StringComparison.Ordinal);
        }

        await using var engine = await EngineFixture.StartAsync(Registry("1", "2"), _folder);
        var end = await engine.EndAsync("run");

        Assert.Equal("\"1 ended\"", end.SerializedOutput);
        Assert.Null(end.BlockedReason);
    }

    private static DurableTaskRegistry Registry(params string[] versions) => versions.Aggregate(
        new DurableTaskRegistry(),
        static (registry, version) => registry.Orchestrator<string?, string>("Run", static async (context, _) =>
        {
            if (await context.WaitForExternalEvent<string>("go") == "again") context.ContinueAsNew("next");
            return context.Version + " ended";
        }, version));

    /// <summary>Starts an instance in a host of its own, up to where it waits.</summary>
    private async Task BeginAsync(DurableTaskRegistry registry)
    {
        await using var engine = await EngineFixture.StartAsync(registry, _folder);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", "the input", new StartOrchestrationOptions("run"));
        await engine.UntilAsync("run", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
    }
}
