namespace Troupe.Engine.Crash.Harness;

/// <summary>When to kill: random in time, and often where recovery is under way.</summary>
/// <param name="FromReady">Counted from when the process answers; else from its start, so that it may never get there.</param>
internal readonly record struct KillInstant(bool FromReady, TimeSpan After)
{
    private const int LongestStart = 350;
    private const int LongestRun = 700;

    public static KillInstant Draw(Random random) => random.Next(100) switch
    {
        < 20 => new(false, Milliseconds(random.NextDouble() * LongestStart)),
        < 40 => new(true, Milliseconds(random.NextDouble() * 20)),
        _ => new(true, Milliseconds(random.NextDouble() * LongestRun)),
    };

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
