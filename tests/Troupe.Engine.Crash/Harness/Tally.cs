namespace Troupe.Engine.Crash.Harness;

/// <summary>What the harness asked for, and what it got.</summary>
internal sealed class Tally
{
    private long _launches;
    private long _events;
    private long _steers;
    private long _repeats;
    private long _requestsInFlight;

    public long Launches => Volatile.Read(ref _launches);

    public long Events => Volatile.Read(ref _events);

    /// <summary>Suspends, resumes, terminates, rewinds and restarts.</summary>
    public long Steers => Volatile.Read(ref _steers);

    /// <summary>Requests whose answer a kill took away.</summary>
    public long Repeats => Volatile.Read(ref _repeats);

    public long RequestsInFlight => Volatile.Read(ref _requestsInFlight);

    public void Launched() => Interlocked.Increment(ref _launches);

    public void Raised() => Interlocked.Increment(ref _events);

    public void Steered() => Interlocked.Increment(ref _steers);

    public void Repeated() => Interlocked.Increment(ref _repeats);

    public void Asking() => Interlocked.Increment(ref _requestsInFlight);

    public void Answered() => Interlocked.Decrement(ref _requestsInFlight);
}
