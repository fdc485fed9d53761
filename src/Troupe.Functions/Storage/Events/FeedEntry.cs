namespace Troupe.Functions.Storage.Events;

/// <summary>A place in the order of all events, reserved for the events of one transaction on one run.</summary>
/// <param name="LastPosition">The position of its last event.</param>
/// <param name="FirstSequence">The sequence of its first event within the run.</param>
/// <param name="At">When it was reserved.</param>
internal sealed record FeedEntry(string RunId, long LastPosition, long FirstSequence, int Count, DateTimeOffset At)
{
    public long LastSequence => FirstSequence + Count - 1;

    public long FirstPosition => LastPosition - Count + 1;
}
