using Troupe.Durable;
using Xunit;

namespace Troupe.Testing.Contract;

/// <summary>What needs the histories of instances that have ended.</summary>
[Trait("Contract", "Portable")]
public abstract class HistoryContract : ContractSuite
{
    [Fact]
    public async Task GetHistory_OfACompletedInstance_TellsWhatHappened()
    {
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Double", n => n * 2)
            .Orchestrator<int, int>("Call", (context, n) => context.CallActivityAsync<int>("Double", n)));

        var history = await engine.Client.GetHistoryAsync((await engine.RunAsync("Call", 4)).InstanceId);

        var told = history.Where(static each => each.EventType is not "OrchestratorStarted" and not "OrchestratorCompleted").ToList();
        Assert.Equal(["ExecutionStarted", "TaskScheduled", "TaskCompleted", "ExecutionCompleted"], told.Select(static each => each.EventType));
        Assert.Equal("Double", told[2].Name);
        Assert.Equal("8", told[2].Result);
        Assert.NotNull(told[2].ScheduledTime);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, told[3].OrchestrationStatus);
    }

    [Fact]
    public async Task Rewind_FailedActivity_RunsItAgainAndKeepsTheRest()
    {
        int good = 0, bad = 0;
        await using var engine = await StartAsync(Registry()
            .Activity<int, int>("Good", n => n + (0 * Interlocked.Increment(ref good)))
            .Activity<int, int>("Bad", n => Interlocked.Increment(ref bad) == 1 ? throw new InvalidDataException("first time") : n * 10)
            .Orchestrator<int, int>("Both", async (context, n) =>
                await context.CallActivityAsync<int>("Good", n) + await context.CallActivityAsync<int>("Bad", n)));
        var id = (await engine.RunAsync("Both", 3)).InstanceId;

        await engine.Client.RewindInstanceAsync(id, "try again");

        Assert.Equal("33", (await engine.EndAsync(id)).SerializedOutput);
        Assert.Equal((1, 2), (good, bad));
    }
}
