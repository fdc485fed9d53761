using System.Text.Json;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Json;
using Troupe.Core.Launching;
using Troupe.Core.Planning;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Core.Tests.Runs;

/// <summary>Readers see histories, and in them the hashes of plans; the addresses that others gave they do not.</summary>
public sealed class HiddenAddressTests
{
    [Fact]
    public async Task History_RunWithAnAddress_HoldsNoPartOfIt()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => ScriptedAgents.Answer("done")));
        var run = await harness.LaunchAsync(new TaskLaunch
        {
            Agent = "x",
            Prompt = "p",
            Options = new RunOptions { CallbackUrl = new Uri("https://hooks.example.org/s3cret") },
        });
        await harness.EndAsync(run.Id);

        foreach (var instance in new[] { run.Id, $"{run.Id}:task" })
        {
            var history = JsonSerializer.Serialize(await harness.Client.GetHistoryAsync(instance));
            Assert.Contains(run.Plan.Hash, history, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", history, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Plan_StoredWithoutItsMark_IsReadAsBefore()
    {
        var artifacts = new InMemoryStores().Artifacts;
        var plan = new Plan { Name = "old", Phases = [], Nodes = [], Agents = new Dictionary<string, Core.Agents.AgentDefinition>() };
        var old = await artifacts.PutTextAsync(JsonSerializer.Serialize(plan, TroupeJson.Options), "application/json", CancellationToken.None);
        var stored = await new PlanCache(artifacts).PutAsync(plan, CancellationToken.None);

        var plans = new PlanCache(artifacts);
        Assert.Equal("old", (await plans.GetAsync(old, CancellationToken.None)).Name);
        Assert.Equal("old", (await plans.GetAsync(stored, CancellationToken.None)).Name);
        Assert.True(await plans.HoldsAsync(stored.Hash, CancellationToken.None));
        Assert.False(await plans.HoldsAsync(new string('0', 64), CancellationToken.None));
        Assert.False(await plans.HoldsAsync((await artifacts.PutTextAsync("troupe", "text/plain", CancellationToken.None)).Hash, CancellationToken.None));
    }
}
