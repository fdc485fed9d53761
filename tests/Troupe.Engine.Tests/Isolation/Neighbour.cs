using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Isolation;

/// <summary>A healthy instance beside the one that is in trouble.</summary>
internal static class Neighbour
{
    public static DurableTaskRegistry WithNeighbour(this DurableTaskRegistry registry) => registry
        .Activity<int, int>("Neighbour.Add", static n => n + 1)
        .Orchestrator<int, int>("Neighbour", static async (context, n) =>
        {
            n = await context.CallActivityAsync<int>("Neighbour.Add", n);
            n += await context.WaitForExternalEvent<int>("go");
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            return await context.CallActivityAsync<int>("Neighbour.Add", n);
        });

    public static Task StartAsync(ContractEngine engine) =>
        engine.Client.ScheduleNewOrchestrationInstanceAsync("Neighbour", 1, new StartOrchestrationOptions("neighbour"));

    /// <summary>It comes to its end, whatever befell the other.</summary>
    public static async Task EndAsync(ContractEngine engine)
    {
        await engine.Client.RaiseEventAsync("neighbour", "go", 10);
        Assert.Equal("13", (await engine.EndAsync("neighbour")).SerializedOutput);
        Assert.Contains((await engine.Client.GetInstancesAsync(new OrchestrationQuery { FetchInputsAndOutputs = true })).Values, static state => state.InstanceId == "neighbour");
    }
}
