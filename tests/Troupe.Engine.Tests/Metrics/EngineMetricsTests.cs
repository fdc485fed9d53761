using Troupe.Durable;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Metrics;

public sealed class EngineMetricsTests : IDisposable
{
    private readonly MetricRecorder _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Run_WithAFailureAndARetry_CountsEachStepAttemptAndCommit()
    {
        var attempts = 0;
        var registry = new DurableTaskRegistry()
            .Activity<int, int>("Flaky", n => ++attempts == 1 ? throw new InvalidOperationException("once") : n)
            .Orchestrator<int, int>("Run", (context, n) =>
                context.CallActivityAsync<int>("Flaky", n, new TaskOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(1)))));
        var engine = await EngineFixture.StartAsync(registry);
        var meter = engine.Engine.Metrics!.Meter;

        await engine.RunAsync("Run", 1);
        await engine.DisposeAsync();

        // Start; failure, and the timer of the retry; the second call; its result.
        Assert.Equal(4, _metrics.Sum(meter, "troupe.engine.steps"));
        Assert.Equal(1, _metrics.Sum(meter, "troupe.engine.instances.started"));
        Assert.Equal(1, _metrics.Sum(meter, "troupe.engine.instances.ended{status=Completed}"));
        Assert.Equal(2, _metrics.Sum(meter, "troupe.engine.activities.started{activity=Flaky}"));
        Assert.Equal(1, _metrics.Sum(meter, "troupe.engine.activities.failed{activity=Flaky}"));
        Assert.Equal(1, _metrics.Sum(meter, "troupe.engine.activities.completed{activity=Flaky}"));
        Assert.Equal(1, _metrics.Sum(meter, "troupe.engine.retries"));
        Assert.InRange(Assert.Single(_metrics.Values(meter, "troupe.engine.timer.lateness")), 0, ContractEngine.Patience.TotalSeconds);

        // The numbering of the new store, the start with the first step, and three further steps.
        Assert.Equal(5, _metrics.Sum(meter, "troupe.engine.commit.writes"));
        Assert.All(_metrics.Values(meter, "troupe.engine.commit.duration"), static seconds => Assert.InRange(seconds, double.Epsilon, 30));
        Assert.Equal(
            _metrics.Values(meter, "troupe.engine.commit.writes").Count, _metrics.Values(meter, "troupe.engine.commit.duration").Count);
    }

    [Fact]
    public async Task Queue_BehindARunningActivity_IsCountedByPriority()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var registry = new DurableTaskRegistry()
            .Activity<int, int>("Work", async (_, n) =>
            {
                started.TrySetResult();
                await release.Task;
                return n;
            })
            .Orchestrator<int, int>("Run", async (context, _) =>
            {
                ActivityPriority[] priorities = [ActivityPriority.High, ActivityPriority.High, ActivityPriority.Low, ActivityPriority.Low, ActivityPriority.Low];
                await Task.WhenAll(priorities.Select(priority => context.CallActivityAsync<int>("Work", 1, new ActivityOptions(Priority: priority))));
                return 0;
            });
        await using var engine = await EngineFixture.StartAsync(registry, inMemory: true, configure: static options => options.MaxConcurrentActivities = 1);
        var meter = engine.Engine.Metrics!.Meter;
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 1);
        await started.Task.WaitAsync(ContractEngine.Patience);

        Assert.Equal(1, _metrics.Now(meter, "troupe.engine.activities.running"));
        Assert.Equal(1, _metrics.Now(meter, "troupe.engine.activities.queued{priority=High}"));
        Assert.Equal(0, _metrics.Now(meter, "troupe.engine.activities.queued{priority=Normal}"));
        Assert.Equal(3, _metrics.Now(meter, "troupe.engine.activities.queued{priority=Low}"));
        Assert.Equal(1, _metrics.Now(meter, "troupe.engine.instances.live"));

        release.SetResult();
        await engine.EndAsync(id);
        Assert.Equal(0, _metrics.Now(meter, "troupe.engine.activities.queued{priority=Low}"));
    }

    [Fact]
    public async Task Live_MoreThanTheLimit_CountsEvictionsAndReplays()
    {
        var registry = new DurableTaskRegistry().Orchestrator<int, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("go"));
        var engine = await EngineFixture.StartAsync(
            registry, inMemory: true, configure: static options => options.MaxLiveInstances = 10, scheduler: static work => work.Execute());
        var meter = engine.Engine.Metrics!.Meter;
        for (var i = 0; i < 30; i++)
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, new StartOrchestrationOptions($"w-{i}"));
            await engine.UntilAsync($"w-{i}", static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        }

        for (var i = 0; i < 30; i++)
        {
            await engine.Client.RaiseEventAsync($"w-{i}", "go", i);
            await engine.EndAsync($"w-{i}");
        }

        await engine.DisposeAsync();
        var evictions = _metrics.Sum(meter, "troupe.engine.evictions");
        Assert.InRange(evictions, 18, 30);
        Assert.Equal(evictions, _metrics.Sum(meter, "troupe.engine.replays"));
    }

    [Fact]
    public async Task Blocked_Instance_IsCountedUntilItHasEnded()
    {
        var registry = new DurableTaskRegistry().Orchestrator<int, int>("Astray", async (_, _) =>
        {
            await Task.Yield();
            await new TaskCompletionSource().Task;
            return 0;
        });
        await using var engine = await EngineFixture.StartAsync(registry, inMemory: true);
        var meter = engine.Engine.Metrics!.Meter;
        Assert.Equal(0, _metrics.Now(meter, "troupe.engine.instances.blocked"));
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Astray", 1);
        await engine.UntilAsync(id, static state => state.BlockedReason is not null);
        Assert.Equal(1, _metrics.Now(meter, "troupe.engine.instances.blocked"));

        await engine.Client.TerminateInstanceAsync(id);
        await engine.UntilAsync(id, static state => state.RuntimeStatus == OrchestrationRuntimeStatus.Terminated);
        while (_metrics.Now(meter, "troupe.engine.instances.blocked") > 0) await Task.Yield();
    }
}
