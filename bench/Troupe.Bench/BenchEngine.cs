using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine;

namespace Troupe.Bench;

/// <summary>An engine with the orchestrations of the workloads, over a data folder.</summary>
internal sealed class BenchEngine : IAsyncDisposable, IServiceProvider
{
    private readonly DurableEngine _engine;

    private BenchEngine(string folder) => _engine = new DurableEngine(
        Registry(), new EngineOptions { DataFolder = folder }, this, NullLoggerFactory.Instance, TimeProvider.System);

    public IOrchestrationClient Client => _engine.Client;

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

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    public object? GetService(Type serviceType) => null;

    private static DurableTaskRegistry Registry() => new DurableTaskRegistry()
        .AddActivity<Nothing>()
        .AddOrchestrator<One>()
        .AddOrchestrator<FanOut>()
        .AddOrchestrator<Chain>()
        .AddOrchestrator<Wait>()
        .AddOrchestrator<Sleep>();
}

internal sealed class Nothing : Activity<int, int>
{
    public override Task<int> RunAsync(ActivityContext context, int input) => Task.FromResult(input);
}

internal sealed class One : Orchestrator<int, int>
{
    public override Task<int> RunAsync(OrchestrationContext context, int input) => context.CallActivityAsync<int>("Nothing", input);
}

internal sealed class FanOut : Orchestrator<int, int>
{
    public override async Task<int> RunAsync(OrchestrationContext context, int input) =>
        (await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.CallActivityAsync<int>("Nothing", i)))).Length;
}

internal sealed class Chain : Orchestrator<int, int>
{
    public override async Task<int> RunAsync(OrchestrationContext context, int input)
    {
        for (var i = 0; i < input; i++) await context.CallActivityAsync<int>("Nothing", i);
        return input;
    }
}


internal sealed class Wait : Orchestrator<int, int>
{
    public override Task<int> RunAsync(OrchestrationContext context, int input) => context.WaitForExternalEvent<int>("go");
}

internal sealed class Sleep : Orchestrator<DateTime, double>
{
    public override async Task<double> RunAsync(OrchestrationContext context, DateTime input)
    {
        await context.CreateTimer(input, CancellationToken.None);
        return (context.CurrentUtcDateTime - input).TotalMilliseconds;
    }
}
