using Troupe.Durable;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Troupe.Bench.Engine;

internal static class Orchestrations
{
    public static DurableTaskRegistry Registry(long[] stamps) => new DurableTaskRegistry()
        .AddActivity<Nothing>()
        .AddActivity("Stamp", _ => new Stamp(stamps))
        .AddOrchestrator<One>()
        .AddOrchestrator<FanOut>()
        .AddOrchestrator<Chain>()
        .AddOrchestrator<StampedChain>()
        .AddOrchestrator<Wait>()
        .AddOrchestrator<Sleep>();
}

internal sealed class Nothing : Activity<int, int>
{
    public override Task<int> RunAsync(ActivityContext context, int input) => Task.FromResult(input);
}

/// <summary>Notes when it runs.</summary>
internal sealed class Stamp(long[] stamps) : Activity<int, int>
{
    public override Task<int> RunAsync(ActivityContext context, int input)
    {
        stamps[input] = Stopwatch.GetTimestamp();
        return Task.FromResult(input);
    }
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

internal sealed class StampedChain : Orchestrator<int, int>
{
    public override async Task<int> RunAsync(OrchestrationContext context, int input)
    {
        for (var i = 0; i < input; i++) await context.CallActivityAsync<int>("Stamp", i);
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
