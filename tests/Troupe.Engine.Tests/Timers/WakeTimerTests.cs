using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Engine.Timers;
using Troupe.Testing;

namespace Troupe.Engine.Tests.Timers;

public sealed class WakeTimerTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _woken = [];
    private readonly Dictionary<string, DateTime> _stored = [];
    private readonly WakeTimer _timer;
    private bool _storeFails;

    public WakeTimerTests() => _timer = new WakeTimer(_time, LoadAsync, _woken.Add, NullLogger.Instance);

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    [Fact]
    public async Task Schedule_NearTimer_FiresAtItsTimeAndNotBefore()
    {
        await _timer.StartAsync();
        _timer.Schedule("a", Now.AddSeconds(40));

        _time.Advance(TimeSpan.FromSeconds(39.999));
        Assert.Empty(_woken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], _woken);
    }

    [Fact]
    public async Task Start_OverdueInTheStore_FiresAtOnceAndFarOnesWhenTheyComeNear()
    {
        _stored["overdue"] = Now.AddHours(-1);
        _stored["far"] = Now.AddDays(3);

        await _timer.StartAsync();
        Assert.Equal(["overdue"], _woken);
        _time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        Assert.Equal(["overdue"], _woken);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["overdue", "far"], _woken);
    }

    [Fact]
    public async Task Clock_SetForward_FiresSoon()
    {
        await _timer.StartAsync();
        _timer.Schedule("a", Now.AddMinutes(9));

        _time.JumpClock(TimeSpan.FromMinutes(20));
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(["a"], _woken);
    }

    [Fact]
    public async Task Clock_SetBack_DoesNotFireEarlyAndLosesNothing()
    {
        await _timer.StartAsync();
        _timer.Schedule("a", Now.AddSeconds(10));

        _time.JumpClock(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Empty(_woken);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["a"], _woken);
    }

    [Fact]
    public async Task Load_ThatFails_IsTriedAgain()
    {
        await _timer.StartAsync();
        _stored["later"] = Now.AddMinutes(12);
        _storeFails = true;
        _time.Advance(TimeSpan.FromMinutes(6));
        _storeFails = false;

        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(["later"], _woken);
    }

    private Task<IReadOnlyList<(string InstanceId, DateTime WakeAt)>> LoadAsync(DateTime after, DateTime until) => _storeFails
        ? Task.FromException<IReadOnlyList<(string, DateTime)>>(new IOException("no disk"))
        : Task.FromResult<IReadOnlyList<(string, DateTime)>>([.. _stored.Where(wake => wake.Value > after && wake.Value <= until).Select(static wake => (wake.Key, wake.Value))]);
}
