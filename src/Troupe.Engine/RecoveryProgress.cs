namespace Troupe.Engine;

/// <summary>How far start-up has come with the work that a run before it left.</summary>
/// <param name="Found">Instances that have work to do whatever the time: messages, a start, open activities, or a block to be tried again.</param>
/// <param name="LookedAt">How many of them have been loaded and set going, or found blocked.</param>
public sealed record RecoveryProgress(int Found, int LookedAt)
{
    /// <summary>Instances that have not been looked at.</summary>
    public int Left => Found - LookedAt;
}
