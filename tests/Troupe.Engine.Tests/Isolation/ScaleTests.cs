using System.Collections.Concurrent;
using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Isolation;

/// <summary>One instance, or one instant, with far more in it than usual, beside a healthy neighbour.</summary>
public sealed class ScaleTests
{
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Result_Of60MiB_ComesBackAndOneOf65MiBIsRefused()
    {
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
            .Activity<int, string>("Big", static mebibytes => new string('x', (mebibytes << 20) - 2))
            .Orchestrator<int, int>("Measure", static async (context, n) => (await context.CallActivityAsync<string>("Big", n)).Length));
        await Neighbour.StartAsync(engine);

        Assert.Equal($"{(60 << 20) - 2}", (await EndAsync(engine, "Measure", 60)).SerializedOutput);
        var refused = await EndAsync(engine, "Measure", 65);

        Assert.Contains("68,157,440 bytes as JSON; the limit is 67,108,864", refused.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await Neighbour.EndAsync(engine);
    }

    [Fact]
    public async Task FanOut_10000Wide_And_Chain_10000Long_EndBesideANeighbour()
    {
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
            .Activity<int, int>("Same", static n => n)
            .Orchestrator<int, long>("Wide", static async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallActivityAsync<int>("Same", i)))).Sum(static each => (long)each))
            .Orchestrator<int, int>("Long", static async (context, n) =>
            {
                var sum = 0;
                for (var i = 0; i < n; i++) sum += await context.CallActivityAsync<int>("Same", 1);
                return sum;
            }));
        await Neighbour.StartAsync(engine);
        var (wide, chain) = (EndAsync(engine, "Wide", 10_000), EndAsync(engine, "Long", 10_000));

        await Neighbour.EndAsync(engine);

        Assert.Equal("50005000", (await wide).SerializedOutput);
        Assert.Equal("10000", (await chain).SerializedOutput);
    }

    [Fact]
    public async Task Events_1000BeforeTheWait_ComeAllInOrder()
    {
        var started = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
            .Activity<int, int>("Gate", async (_, n) =>
            {
                started.TrySetResult();
                await gate.Task;
                return n;
            })
            .Orchestrator<int, bool>("Collect", static async (context, n) =>
            {
                await context.CallActivityAsync<int>("Gate", 0);
                var inOrder = true;
                for (var i = 0; i < n; i++) inOrder &= await context.WaitForExternalEvent<int>("number") == i;
                return inOrder;
            }));
        await Neighbour.StartAsync(engine);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collect", 1_000, new StartOrchestrationOptions("collect"));
        await started.Task.WaitAsync(LongPatience);

        for (var i = 0; i < 1_000; i++) await engine.Client.RaiseEventAsync("collect", "number", i);
        gate.SetResult();

        Assert.Equal("true", (await engine.EndAsync("collect")).SerializedOutput);
        await Neighbour.EndAsync(engine);
    }

    [Fact]
    public async Task Timers_100000InOneSecond_FireOnceEachAndNeverEarly()
    {
        const int Instances = 200;
        const int Timers = 500;
        var due = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(4);
        var early = 0;
        var fired = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
            .Orchestrator<DateTime, int>("Wake", async (context, at) => (await Task.WhenAll(Enumerable.Range(0, Timers).Select(async i =>
            {
                // Spread over the second.
                var mine = at.AddMilliseconds(i % 10 * 100);
                await context.CreateTimer(mine, CancellationToken.None);
                if (context.IsReplaying) return 1;
                if (TimeProvider.System.GetUtcNow().UtcDateTime < mine || context.CurrentUtcDateTime < mine) Interlocked.Increment(ref early);
                fired.AddOrUpdate($"{context.InstanceId}#{i}", 1, static (_, count) => count + 1);
                return 1;
            }))).Sum()));
        await Neighbour.StartAsync(engine);
        var ends = Enumerable.Range(0, Instances).Select(_ => EndAsync(engine, "Wake", due)).ToList();

        await Neighbour.EndAsync(engine);

        foreach (var end in ends) Assert.Equal($"{Timers}", (await end).SerializedOutput);
        Assert.Equal(0, early);
        Assert.Equal(Instances * Timers, fired.Count);
        Assert.All(fired.Values, static count => Assert.Equal(1, count));
    }

    private static async Task<OrchestrationMetadata> EndAsync(ContractEngine engine, string name, object input)
    {
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(name, input);
        return await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(LongPatience);
    }
}
