namespace Troupe.Core.Hosting;

/// <summary>The other processes that work on the same stores. A host that shares its stores registers it; without it a process is alone.</summary>
public sealed class PeerProcesses(TimeProvider time)
{
    /// <summary>What clocks that do not run alike can differ by in so short a time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Returns once none of them goes by what it read before this was called, where each keeps it for so long at most. A change that is
    /// answered only then counts everywhere from its answer on, and no reader asks the store each time.
    /// </summary>
    public Task UntilSeenAsync(TimeSpan maxAge) => Task.Delay(maxAge + Margin, time);
}
