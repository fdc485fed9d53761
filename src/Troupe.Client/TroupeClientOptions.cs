namespace Troupe.Client;

public sealed record TroupeClientOptions
{
    /// <summary>How often a call that is safe to repeat is tried again when the connection fails. 0 to 10; default 3.</summary>
    public int ConnectRetries { get; init; } = 3;

    /// <summary>The wait before the first repeat; each further one is twice as long, at most <see cref="MaxBackoff"/>. Default 200 ms.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest single wait, also between two openings of an event stream. Default 10 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one long-poll request asks the server to wait. Default 30 s.</summary>
    public TimeSpan LongPoll { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The key that every request shows; none where null. It is sent to the server's own address only, and never printed.</summary>
    public string? Key { get; init; }

    /// <summary>Everything but the key.</summary>
    public override string ToString() =>
        $"{nameof(TroupeClientOptions)} {{ {nameof(ConnectRetries)} = {ConnectRetries}, {nameof(Backoff)} = {Backoff}, {nameof(MaxBackoff)} = {MaxBackoff}, {nameof(LongPoll)} = {LongPoll} }}";

    internal TimeSpan BackoffOf(int attempt) =>
        TimeSpan.FromTicks(Math.Min(MaxBackoff.Ticks, Backoff.Ticks << Math.Clamp(attempt, 0, 20)));
}
