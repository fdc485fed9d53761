namespace Troupe.Engine.Crash.Harness;

/// <summary>When to kill: random in time, and often where recovery is under way.</summary>
/// <param name="FromReady">Counted from when the process answers; else from its start, so that it may never get there.</param>
internal readonly record struct KillInstant(bool FromReady, TimeSpan After)
{
    private static readonly TimeSpan ShortestRun = TimeSpan.FromMilliseconds(600);

    /// <param name="random">Decides.</param>
    /// <param name="start">How long a start takes on this machine, as it is now: a slow one gets more time to do something.</param>
    public static KillInstant Draw(Random random, TimeSpan start)
    {
        var longestRun = start * 3 > ShortestRun ? start * 3 : ShortestRun;
        return random.Next(100) switch
        {
            < 15 => new(false, start * 1.2 * random.NextDouble()),
            < 30 => new(true, start * 0.1 * random.NextDouble()),
            _ => new(true, longestRun * random.NextDouble()),
        };
    }
}
