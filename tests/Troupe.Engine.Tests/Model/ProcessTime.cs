using Troupe.Testing;

namespace Troupe.Engine.Tests.Model;

/// <summary>The clock as one simulated process sees it: its timers die with it.</summary>
internal sealed class ProcessTime(ManualTimeProvider time) : TimeProvider
{
    private readonly List<ITimer> _timers = [];

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = time.CreateTimer(callback, state, dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void Kill()
    {
        foreach (var timer in _timers) timer.Dispose();
    }
}
