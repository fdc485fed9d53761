namespace Troupe.Engine.Replay;

/// <summary>How many events there are, and what they hold together.</summary>
/// <param name="Bytes">Of their names and payloads, as UTF-8.</param>
internal readonly record struct EventVolume(long Count, long Bytes)
{
    public static EventVolume Unbounded { get; } = new(long.MaxValue, long.MaxValue);

    public static EventVolume operator +(EventVolume one, EventVolume other) => new(one.Count + other.Count, one.Bytes + other.Bytes);

    public static EventVolume operator -(EventVolume one, EventVolume other) => new(one.Count - other.Count, one.Bytes - other.Bytes);

    public static EventVolume Of(IEnumerable<Message> messages)
    {
        var volume = default(EventVolume);
        foreach (var message in messages)
        {
            if (message is EventRaised raised) volume += raised.Volume;
        }

        return volume;
    }

    /// <summary>Whether one more may wait within this bound. Where nothing waits it may be of any size.</summary>
    public bool HasRoomFor(EventRaised raised, EventVolume waiting) =>
        waiting.Count == 0 || (waiting.Count < Count && waiting.Bytes + raised.Volume.Bytes <= Bytes);
}
