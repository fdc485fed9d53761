using System.Net;
using System.Net.Sockets;
using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Isolation;

/// <summary>Orchestrators that await what is not durable.</summary>
public sealed class IllegalAwaitTests
{
    private static readonly Dictionary<string, Func<OrchestrationContext, Task>> Awaits = new(StringComparer.Ordinal)
    {
        ["Task.Delay"] = static _ => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System),
        ["Task.Run"] = static async _ => await Task.Run(static async () => await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System)),
        ["HttpClient"] = static async _ =>
        {
            using var nobody = new TcpListener(IPAddress.Loopback, 0);
            nobody.Start();
            using var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
            await client.GetAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndpoint).Port}/"));
        },
        ["ConfigureAwait(false)"] = static async context => await context.CallActivityAsync<int>("Nothing", 1).ConfigureAwait(false),
        ["Task.Delay beside open work"] = static async context =>
        {
            var open = context.CallActivityAsync<int>("Gated", 1);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            await open;
        },
    };

    public static TheoryData<string> Names => [.. Awaits.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Await_OfWhatIsNotDurable_IsCaughtNamedAndHarmsNobodyElse(string name)
    {
        var gate = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(new DurableTaskRegistry().WithNeighbour()
            .Activity<int, int>("Nothing", static n => n)
            .Activity<int, int>("Gated", async (context, n) =>
            {
                await gate.Task.WaitAsync(context.CancellationToken);
                return n;
            })
            .Orchestrator<int, int>("Bad", async (context, n) =>
            {
                await Awaits[name](context);
                return await context.CallActivityAsync<int>("Nothing", n);
            }));
        await Neighbour.StartAsync(engine);
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Bad", 1);

        var state = await engine.UntilAsync(id, static state => state.BlockedReason is not null);

        Assert.Contains("may await only tasks that come from their context", state.BlockedReason!, StringComparison.Ordinal);
        Assert.False(state.RuntimeStatus.IsTerminal());
        gate.SetResult();
        await Neighbour.EndAsync(engine);
        await engine.Client.TerminateInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engine.EndAsync(id)).RuntimeStatus);
    }

    /// <summary>A yield comes back to the orchestrator's own thread, in the same place of every replay: it is no mistake.</summary>
    [Fact]
    public async Task Yield_BetweenDurableTasks_IsReplayedInItsPlace()
    {
        using var folder = new TemporaryFolder();
        var registry = new DurableTaskRegistry().WithNeighbour()
            .Activity<int, int>("Nothing", static n => n)
            .Orchestrator<int, int>("Yielding", static async (context, n) =>
            {
                for (var i = 0; i < 5; i++)
                {
                    await Task.Yield();
                    n += await context.CallActivityAsync<int>("Nothing", 1);
                }

                return n + await context.WaitForExternalEvent<int>("go");
            });
        await using (var engine = await EngineFixture.StartAsync(registry, folder))
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Yielding", 0, new StartOrchestrationOptions("yielding"));
            await engine.UntilAsync("yielding", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        await using var again = await EngineFixture.StartAsync(registry, folder);
        await again.Client.RaiseEventAsync("yielding", "go", 100);
        Assert.Equal("105", (await again.EndAsync("yielding")).SerializedOutput);
    }
}
