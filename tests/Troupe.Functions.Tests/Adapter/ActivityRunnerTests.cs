using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Troupe.Durable;
using Troupe.Functions.Adapter;
using Troupe.Testing;

namespace Troupe.Functions.Tests.Adapter;

public sealed class ActivityRunnerTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _invocation = new();

    public void Dispose()
    {
        _stopping.Dispose();
        _invocation.Dispose();
    }

    [Fact]
    public async Task Run_StoreIsAway_WaitsAndBeginsAgain()
    {
        var calls = 0;
        var runner = Runner(_ => ++calls < 3 ? throw new StoreUnavailableException("away") : Task.FromResult(calls));

        var running = RunAsync(runner);
        await PauseAsync(TimeSpan.FromSeconds(1));
        Assert.False(running.IsCompleted);
        await PauseAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(3, await running);
    }

    [Fact]
    public async Task Run_AnyOtherFailure_IsThePlatformsToReport()
    {
        var calls = 0;
        var runner = Runner(_ =>
        {
            calls++;
            throw new InvalidDataException("broken");
        });

        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(runner));

        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_HostStopsOrGivesTheCallUp_CancelsTheActivity(bool hostStops)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = Runner(async context =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, context.CancellationToken);
            return 0;
        });

        var running = RunAsync(runner);
        await begun.Task;
        await (hostStops ? _stopping : _invocation).CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_HostStopsWhileTheStoreIsAway_Ends()
    {
        var running = RunAsync(Runner(static _ => throw new StoreUnavailableException("away")));
        await TimerAsync();

        await _stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Run_KnowsTheInstanceThatCalls()
    {
        var runner = Runner(static context => Task.FromResult(context.InstanceId == "run-1" ? 1 : 0));

        Assert.Equal(1, await RunAsync(runner));
    }

    private Task<int> RunAsync(ActivityRunner runner) => runner.RunAsync<int, int>(0, Function());

    private ActivityRunner Runner(Func<ActivityContext, Task<int>> run)
    {
        var registry = new DurableTaskRegistry().AddActivity("Act", _ => new Scripted(run));
        var lifetime = Mock.Of<IHostApplicationLifetime>(host => host.ApplicationStopping == _stopping.Token);
        return new ActivityRunner(registry, Mock.Of<IServiceProvider>(), new DurableClientSource(), lifetime, _time, NullLogger<ActivityRunner>.Instance);
    }

    private FunctionContext Function()
    {
        IReadOnlyDictionary<string, object?> data = new Dictionary<string, object?>(StringComparer.Ordinal) { ["instanceId"] = "\"run-1\"" };
        var binding = Mock.Of<BindingContext>(context => context.BindingData == data);
        return Mock.Of<FunctionContext>(function =>
            function.FunctionDefinition == Mock.Of<FunctionDefinition>(definition => definition.Name == "Act")
            && function.BindingContext == binding
            && function.CancellationToken == _invocation.Token);
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        await TimerAsync();
        _time.Advance(pause);
    }

    private async Task TimerAsync()
    {
        while (_time.ActiveTimers == 0)
            await Task.Yield();
    }

    private sealed class Scripted(Func<ActivityContext, Task<int>> run) : Activity<int, int>
    {
        public override Task<int> RunAsync(ActivityContext context, int input) => run(context);
    }
}
