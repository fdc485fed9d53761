using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.InMemory;
using Troupe.Engine.Sqlite;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Model;

/// <summary>
/// Random scenarios against the reference model. TROUPE_MODEL_SEED draws others than the usual ones, TROUPE_MODEL_SEQUENCES says how many.
/// </summary>
public sealed class RandomOperationsTests
{
    private const int UsualSeed = 2_030;

    // Far from any small number, so that seeds near each other draw different scenarios.
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    [Fact]
    public void AnyScenario_InMemory_GoesAsTheModelSays() =>
        Check(Setting("TROUPE_MODEL_SEQUENCES", 10_000), static scenario => ScenarioRunner.RunAsync(scenario, InMemory()));

    [Fact]
    public void AnyScenario_InAFile_GoesAsTheModelSays() => Check(100, static async scenario =>
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "history.db");
        await ScenarioRunner.RunAsync(scenario, async () => await SqliteHistoryStore.OpenAsync(path, NullLogger.Instance, CancellationToken.None));
    });

    [Fact]
    public async Task Stale_AfterAFault_IsTakenAgainWithoutAnotherDelay()
    {
        var children = new Instruction(Step.Children, Caught: true, Programs: [[], []]);
        var start = new Start("c", [children, new Instruction(Step.ContinueAsNew)], DelaySeconds: 0);
        for (var seed = 0; seed < 300; seed++)
            await ScenarioRunner.RunAsync(new Scenario(seed, MaxLiveInstances: 1, [new FaultDuring(start, 5, Recovery.Fault.AfterCommit)]), InMemory());
    }

    [Fact]
    public async Task SameSeed_SameRun()
    {
        var first = await RunAsync(UsualSeed);

        Assert.Equal(first, await RunAsync(UsualSeed));
        Assert.NotEqual(first, await RunAsync(UsualSeed + 1));
    }

    private static void Check(int sequences, Func<Scenario, Task> run)
    {
        var seed = (ulong)Setting("TROUPE_MODEL_SEED", UsualSeed);
        var config = Config.QuickThrowOnFailure.WithMaxTest(sequences).WithStartSize(5).WithEndSize(40).WithReplay(seed, Gamma);
        Prop.ForAll(ScenarioGenerator.Scenarios, run).Check(config);
    }

    /// <summary>All that could be seen of fifty scenarios.</summary>
    private static async Task<string> RunAsync(ulong seed)
    {
        List<Scenario> scenarios = [];
        var config = Config.Quick.WithMaxTest(50).WithStartSize(5).WithEndSize(40).WithReplay(seed, Gamma);
        Prop.ForAll(ScenarioGenerator.Scenarios, scenarios.Add).Check(config);
        List<string> runs = [];
        foreach (var scenario in scenarios) runs.Add($"{scenario}{await ScenarioRunner.RunAsync(scenario, InMemory())}");
        return string.Join("\n", runs);
    }

    private static Func<Task<IHistoryStore>> InMemory()
    {
        var store = new InMemoryHistoryStore();
        return () => Task.FromResult<IHistoryStore>(store);
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : usual;
}
