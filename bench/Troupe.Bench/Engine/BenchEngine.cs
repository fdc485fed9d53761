using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine;

namespace Troupe.Bench.Engine;

/// <summary>An engine with the orchestrations of the workloads, over a data folder.</summary>
internal sealed class BenchEngine : IAsyncDisposable, IServiceProvider
{
    private readonly DurableEngine _engine;

    private BenchEngine(string folder) => _engine = new DurableEngine(
        Orchestrations.Registry(Stamps), new EngineOptions { DataFolder = folder }, this, NullLoggerFactory.Instance, TimeProvider.System);

    public IOrchestrationClient Client => _engine.Client;

    /// <summary>When each numbered activity of the last stamped chain ran.</summary>
    public long[] Stamps { get; } = new long[20_000];

    public static async Task<BenchEngine> StartAsync(string folder)
    {
        var engine = new BenchEngine(folder);
        await engine._engine.StartAsync(CancellationToken.None);
        return engine;
    }

    public async Task RunAsync(string orchestrator, object? input = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        var state = await Client.WaitForInstanceCompletionAsync(id);
        if (state.RuntimeStatus != OrchestrationRuntimeStatus.Completed) throw new InvalidOperationException($"{orchestrator} ended as {state.RuntimeStatus}.");
    }

    /// <summary>Returns once no instance waits for its first step.</summary>
    public async Task SettleAsync()
    {
        var pending = new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Pending], PageSize = 1 };
        while ((await Client.GetInstancesAsync(pending)).Values.Count > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }

    /// <summary>Instances that have begun and not ended.</summary>
    public async Task<int> CountRunningAsync()
    {
        var count = 0;
        OrchestrationPage page;
        var query = new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Running], PageSize = 1_000 };
        do
        {
            page = await Client.GetInstancesAsync(query);
            count += page.Values.Count;
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (page.ContinuationToken is not null);
        return count;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    public object? GetService(Type serviceType) => null;
}
