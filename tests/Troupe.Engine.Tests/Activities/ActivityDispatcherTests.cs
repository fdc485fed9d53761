using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Metrics;
using Troupe.Engine.Replay;
using Troupe.Testing;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Activities;

public sealed class ActivityDispatcherTests
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _work = new();

    [Fact]
    public async Task Keep_BetweenACancelAndItsToken_RunsTheCallAgain()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var metrics = new EngineMetrics();
        var time = new ManualTimeProvider();
        var registry = new DurableTaskRegistry().Activity<int, int>("Hold", async (context, n) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, context.CancellationToken);
            return n;
        });
        var executor = new ActivityExecutor(
            registry, NoServices.Instance, new PayloadConverter(new JsonSerializerOptions(), 1_000), metrics, time, NullLogger.Instance);
        var dispatcher = new ActivityDispatcher(
            ActivitySlots.Of(new EngineOptions { MaxConcurrentActivities = 1 }), executor, time, _work.Enqueue, NullLogger.Instance, static (_, _) => { });
        var call = new ActivityCall("i", 1, 1, new ActivityScheduled(1, "Hold", "1", ActivityPriority.Normal, null));
        dispatcher.Dispatch([call]);
        await ExecuteNextAsync(patience.Token);

        // Suspended and resumed before the token of the call has been cancelled.
        dispatcher.Cancel(1);
        Assert.True(dispatcher.Keep(call));
        await ExecuteNextAsync(patience.Token);

        await ExecuteNextAsync(patience.Token);
        Assert.Equal((1, 0), (dispatcher.Running, dispatcher.Waiting));
    }

    private async Task ExecuteNextAsync(CancellationToken patience)
    {
        IThreadPoolWorkItem? next;
        while (!_work.TryDequeue(out next))
        {
            patience.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        next.Execute();
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
