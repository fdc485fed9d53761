using Troupe.Durable;
using Troupe.Testing;
using Troupe.Testing.Contract;

namespace Troupe.Engine.Tests.Timers;

/// <summary>An administrator sets the clock, forward or back, while timers wait or while nobody runs.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private int _fired;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forward_PastATimer_FiresItOnce(bool whileStopped)
    {
        var engine = await SetAlarmAsync(TimeSpan.FromDays(10));
        if (whileStopped) await engine.DisposeAsync();
        _time.JumpClock(TimeSpan.FromDays(30));
        if (whileStopped) engine = await StartAsync();
        await using var last = engine;

        await EndAsync(engine);

        Assert.Equal(1, _fired);
        await InOrderAsync(engine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Back_WhileATimerWaits_FiresItWhenTheClockSaysSoAndOnce(bool whileStopped)
    {
        var engine = await SetAlarmAsync(TimeSpan.FromMinutes(1));
        if (whileStopped) await engine.DisposeAsync();
        _time.JumpClock(TimeSpan.FromHours(-2));
        if (whileStopped) engine = await StartAsync();
        await using var last = engine;

        // The minute passes, and an hour more; the clock has not come to the due time yet.
        _time.Advance(TimeSpan.FromHours(1));
        await PingAsync(engine, 2);
        Assert.Equal(0, _fired);
        await EndAsync(engine);

        Assert.Equal(1, _fired);
        await InOrderAsync(engine);
    }

    [Fact]
    public async Task BackAndForward_BeforeTheRetryOfAnActivity_RetriesItOnce()
    {
        var calls = 0;
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry()
                .Activity<int, int>("Flaky", n => Interlocked.Increment(ref calls) == 1 ? throw new InvalidDataException("once") : n)
                .Orchestrator<int, int>("Run", static (context, n) => context.CallActivityAsync<int>(
                    "Flaky", n, new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(30))))),
            _folder,
            time: _time);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", 5, new StartOrchestrationOptions("alarm"));
        while (!(await engine.Client.GetHistoryAsync("alarm")).Any(static each => each.EventType == "TimerCreated")) await Task.Yield();

        _time.JumpClock(TimeSpan.FromDays(-1));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, calls);
        _time.JumpClock(TimeSpan.FromDays(1));

        Assert.Equal("5", (await EndAsync(engine)).SerializedOutput);
        Assert.Equal(2, calls);
        await InOrderAsync(engine);
    }

    [Fact]
    public async Task Forward_WhileCallsWait_DoesNotAgeThem()
    {
        var (order, gate) = (new List<string>(), new TaskCompletionSource());
        await using var engine = await EngineFixture.StartAsync(
            new DurableTaskRegistry()
                .Activity<string, int>("Work", async (context, name) =>
                {
                    lock (order) order.Add(name);
                    if (name == "first") await gate.Task.WaitAsync(context.CancellationToken);
                    return 0;
                })
                .Orchestrator<string, int>("Run", static (context, name) => context.CallActivityAsync<int>(
                    "Work", name, new ActivityOptions(Priority: name == "low" ? ActivityPriority.Low : ActivityPriority.High))),
            _folder,
            configure: static options => options.MaxConcurrentActivities = 1,
            time: _time);
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", "first", new StartOrchestrationOptions("first"));
        while (engine.RunningActivities < 1) await Task.Yield();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", "low", new StartOrchestrationOptions("low"));
        while (engine.WaitingActivities < 1) await Task.Yield();
        _time.JumpClock(TimeSpan.FromDays(365));
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Run", "high", new StartOrchestrationOptions("high"));
        while (engine.WaitingActivities < 2) await Task.Yield();

        gate.SetResult();

        await engine.EndAsync("low");
        await engine.EndAsync("high");
        Assert.Equal(["first", "high", "low"], order);
    }

    private async Task<EngineFixture> SetAlarmAsync(TimeSpan after)
    {
        var engine = await StartAsync();
        await engine.Client.ScheduleNewOrchestrationInstanceAsync("Alarm", _time.GetUtcNow().UtcDateTime + after, new StartOrchestrationOptions("alarm"));
        await PingAsync(engine, 1);
        return engine;
    }

    /// <summary>Comes back once the instance has handled everything that came before.</summary>
    private static async Task PingAsync(EngineFixture engine, int number)
    {
        await engine.Client.RaiseEventAsync("alarm", "ping", number);
        await engine.UntilAsync("alarm", state => state.SerializedCustomStatus == $"{number}");
    }

    private async Task<OrchestrationMetadata> EndAsync(EngineFixture engine)
    {
        var end = engine.EndAsync("alarm");
        while (!end.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        return await end;
    }

    private static async Task InOrderAsync(EngineFixture engine)
    {
        var times = (await engine.Client.GetHistoryAsync("alarm")).Select(static each => each.Timestamp).ToList();
        Assert.Equal(times.Order(), times);
    }

    private Task<EngineFixture> StartAsync() => EngineFixture.StartAsync(
        new DurableTaskRegistry().Orchestrator<DateTime, int>("Alarm", async (context, due) =>
        {
            var timer = context.CreateTimer(due, CancellationToken.None);
            for (var pings = 1; ; pings++)
            {
                var ping = context.WaitForExternalEvent<int>("ping");
                if (await Task.WhenAny(timer, ping) == timer) break;
                context.SetCustomStatus(pings);
            }

            if (context.CurrentUtcDateTime < due || _time.GetUtcNow().UtcDateTime < due) throw new InvalidDataException("early");
            if (!context.IsReplaying) Interlocked.Increment(ref _fired);
            return 0;
        }),
        _folder,
        time: _time);
}
