namespace Troupe.Core.Following;

/// <summary>Which of several processes over the same stores leads events on, so that the work of each event is done once where nothing fails.</summary>
public interface IFollowerLease
{
    /// <summary>How long events gather before the holder reads them, where each reading is a request to pay and to wait for; none by default.</summary>
    TimeSpan Gathering => TimeSpan.Zero;

    /// <summary>Whether this process does. It is asked before each page of events and costs nothing while the answer is sure.</summary>
    Task<bool> TryHoldAsync(CancellationToken cancellationToken);

    /// <summary>Lets another process follow at once. This one is about to end and does so no more.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}
