using Troupe.Core.Records;
using Troupe.Functions.Storage.Runs;
using Troupe.Testing.Stores;

namespace Troupe.Functions.Tests.Storage;

/// <summary>Launches that stop between their idempotency key and their run.</summary>
public sealed class LaunchKeyTests : StoreTest
{
    private static readonly string Name = LaunchKeys.Name("ada", "key");

    private protected override TimeProvider Clock => TimeProvider.System;

    [Fact]
    public async Task TryCreateAsync_ClaimOfALaunchThatDied_IsTakenOver()
    {
        await ClaimAsync("dead");

        Assert.Equal(CreateRunOutcome.Created, (await CreateAsync(Other, "r")).Outcome);
        Assert.Equal(("r", CreateRunOutcome.Repeated), await OutcomeAsync(One, "again"));
        Assert.Equal(("r", CreateRunOutcome.Repeated), await OutcomeAsync(One, "dead"));
    }

    [Fact]
    public async Task TryCreateAsync_SameRunAsTheLaunchThatDied_IsMade()
    {
        await ClaimAsync("r");

        Assert.Equal(("r", CreateRunOutcome.Created), await OutcomeAsync(Other, "r"));
    }

    [Fact]
    public async Task TryAsync_ClaimTakenByAnother_MakesNoRun()
    {
        var claim = await ClaimAsync("slow");
        await CreateAsync(Other, "r");

        var result = await One.Get<RunCreation>().TryAsync(Launch("slow"), Name, claim, default);

        Assert.Null(result);
        Assert.Null(await One.Runs.GetRunAsync("slow", default));
    }

    [Fact]
    public async Task TryCreateAsync_ClaimOfARunMadeWithoutIt_IsVoid()
    {
        await One.Runs.TryCreateAsync(SampleRecords.Launch(SampleRecords.Run("taken")), default);
        await ClaimAsync("taken");

        Assert.Equal(("r", CreateRunOutcome.Created), await OutcomeAsync(Other, "r"));
    }

    [Fact]
    public async Task TryCreateAsync_BothInstancesWithOneKey_MakeOneRun()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => CreateAsync(n % 2 == 0 ? One : Other, $"r{n}"))));

        var made = Assert.Single(results, static result => result.Outcome == CreateRunOutcome.Created).Run.Id;
        Assert.All(results, result => Assert.Equal(made, result.Run.Id));
        Assert.Equal([made], (await One.Runs.ListRunsAsync(new RunQuery(), default)).Items.Select(static run => run.Id));
    }

    private async Task<LaunchClaim> ClaimAsync(string runId) => (await One.Get<LaunchKeys>().TryClaimAsync(Name, runId, "hash", null, default))!;

    private static NewRun Launch(string id) => SampleRecords.Launch(SampleRecords.Run(id)) with { IdempotencyKey = "key", BodyHash = "hash" };

    private static Task<CreateRunResult> CreateAsync(AzureStores stores, string id) => stores.Runs.TryCreateAsync(Launch(id), default);

    private static async Task<(string Id, CreateRunOutcome Outcome)> OutcomeAsync(AzureStores stores, string id)
    {
        var result = await CreateAsync(stores, id);
        return (result.Run.Id, result.Outcome);
    }
}
