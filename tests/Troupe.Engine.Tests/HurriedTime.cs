namespace Troupe.Engine.Tests;

/// <summary>A clock that runs many times as fast as the real one, so that retries and timers cost a test little.</summary>
internal sealed class HurriedTime(int factor) : TimeProvider
{
    private readonly long _start = System.GetTimestamp();
    private readonly DateTimeOffset _began = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _began + (System.GetElapsedTime(_start) * factor);

    public override long GetTimestamp() => _start + ((System.GetTimestamp() - _start) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HurriedTimer(System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period)), this);

    private TimeSpan Hurried(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time;

    private sealed class HurriedTimer(ITimer timer, HurriedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Hurried(dueTime), time.Hurried(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
