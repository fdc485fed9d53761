namespace Troupe.Core.Hosting;

/// <summary>The other processes that work on the same stores. A host that shares its stores registers it; without it a process is alone.</summary>
public sealed class PeerProcesses(TimeProvider time)
{
    /// <summary>What clocks that do not run alike can differ by in so short a time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a watcher looks for what one of them has changed: every second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Completes when it is time to look again.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Interval, time, cancellationToken);

    /// <summary>
    /// Returns once none of them goes by what it read before this was called, where each keeps it for so long at most. A change that is
    /// answered only then counts everywhere from its answer on, and no reader asks the store each time.
    /// </summary>
    public Task UntilSeenAsync(TimeSpan maxAge) => Task.Delay(maxAge + Margin, time);
}
