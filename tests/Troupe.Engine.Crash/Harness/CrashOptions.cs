namespace Troupe.Engine.Crash.Harness;

/// <param name="Kills">How often the process is killed.</param>
/// <param name="Seed">Decides on the load and on the instants of the kills.</param>
/// <param name="Lanes">Instances that are driven at the same time.</param>
internal sealed record CrashOptions(int Kills, int Seed, int Lanes = 32)
{
    /// <summary>How long the last process may take to bring everything to its end.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
