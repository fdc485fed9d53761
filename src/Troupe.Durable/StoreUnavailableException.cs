namespace Troupe.Durable;

/// <summary>
/// A store could not do what was asked, because its disk is full or fails. What was answered before stands, other reads go on, and the
/// same call succeeds once the disk works again; no restart is needed. An activity that lets it through has not failed: the embedded engine
/// runs it again, after 0.2 s at first and then ever more seldom, every 5 s, until it ends otherwise.
/// </summary>
/// <param name="reason">What failed and what to do, in words for an operator. Names the file without its folder.</param>
public sealed class StoreUnavailableException(string reason, Exception? innerException = null) : IOException(reason, innerException)
{
    /// <summary>What failed and what to do, in words for an operator, fit to be told to callers.</summary>
    public string Reason { get; } = reason;
}
