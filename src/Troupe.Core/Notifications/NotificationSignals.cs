using Troupe.Core.Stores;

namespace Troupe.Core.Notifications;

/// <summary>Wakes who follows a user's notifications in this process.</summary>
public sealed class NotificationSignals(TimeProvider time)
{
    /// <summary>What another process added is seen within 2 s.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly AppendSignals _signals = new();

    public void Added(string user) => _signals.Publish(user);

    /// <summary>Taken before reading and awaited after, it misses nothing.</summary>
    public async Task WaitAsync(string user, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var added = _signals.WaitAsync(user, end.Token);
        await Task.WhenAny(added, Task.Delay(Pace, time, end.Token));
        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
