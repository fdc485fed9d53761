using System.Text.Json;

namespace Troupe.Engine;

/// <summary>How the embedded engine works.</summary>
public sealed class EngineOptions
{
    /// <summary>The folder of the history file; created if need be. Default <c>.troupe</c>. Null keeps histories in memory only.</summary>
    public string? DataFolder { get; set; } = ".troupe";

    /// <summary>Activities that run at the same time on this host. Default 256.</summary>
    public int MaxConcurrentActivities { get; set; } = 256;

    /// <summary>
    /// Activities of one concurrency key that run at the same time, where <see cref="ConcurrencyKeyLimits"/> says nothing. Default: no limit.
    /// </summary>
    public int? DefaultConcurrencyKeyLimit { get; set; }

    /// <summary>
    /// Activities that run at the same time, by concurrency key. <c>name/*</c> stands for every key that begins with <c>name/</c> and has
    /// no limit of its own: each may run so many.
    /// </summary>
    public IDictionary<string, int> ConcurrencyKeyLimits { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// Slots of their own, beside <see cref="MaxConcurrentActivities"/>, for families of concurrency keys such as <c>name/*</c>: for calls
    /// that wait for others most of the time. Keys that were not called before may hold a quarter of them, those whose latest call took
    /// more than 2 seconds another quarter.
    /// </summary>
    public IDictionary<string, int> SlotsApart { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// How long a call waits until it is taken before fresh calls of the next higher priority. Default 30 seconds.
    /// </summary>
    public TimeSpan PriorityAgeing { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Instances kept in memory between steps; the least recently used ones are replayed when they are needed again. Default 10,000.</summary>
    public int MaxLiveInstances { get; set; } = 10_000;

    /// <summary>Bytes of one payload as JSON. Default 64 MiB.</summary>
    public int MaxPayloadBytes { get; set; } = 64 << 20;

    /// <summary>Messages and decisions in one execution's history; an execution that exceeds it fails. Default 500,000.</summary>
    public int MaxHistoryEvents { get; set; } = 500_000;

    /// <summary>Events that may wait for one instance; further ones are refused. Default 10,000.</summary>
    public int MaxPendingEvents { get; set; } = 10_000;

    /// <summary>
    /// What the events that wait for one instance may hold together; one with which they would hold more is refused until the instance has
    /// received some. Where none waits, one of any size is taken. Bytes of names and payloads as JSON, default 64 MiB: 64 events of 1 MiB,
    /// ten thousand of 6 KiB. What orchestrators send each other is counted, but not refused.
    /// </summary>
    public int MaxPendingEventBytes { get; set; } = 64 << 20;

    /// <summary>How long a stop waits for running activities to heed their cancellation. Default 10 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How payloads are written and read. Default: web defaults (camel case).</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = new(JsonSerializerDefaults.Web);

    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        AtLeastOne(MaxConcurrentActivities, nameof(MaxConcurrentActivities));
        AtLeastOne(DefaultConcurrencyKeyLimit ?? 1, nameof(DefaultConcurrencyKeyLimit));
        AtLeastOne(MaxLiveInstances, nameof(MaxLiveInstances));
        AtLeastOne(MaxPayloadBytes, nameof(MaxPayloadBytes));
        AtLeastOne(MaxHistoryEvents, nameof(MaxHistoryEvents));
        AtLeastOne(MaxPendingEvents, nameof(MaxPendingEvents));
        AtLeastOne(MaxPendingEventBytes, nameof(MaxPendingEventBytes));
        foreach (var (key, limit) in ConcurrencyKeyLimits) AtLeastOne(limit, $"{nameof(ConcurrencyKeyLimits)}[{key}]");
        foreach (var (family, slots) in SlotsApart) AtLeastOne(slots, $"{nameof(SlotsApart)}[{family}]");
    }

    private static void AtLeastOne(int value, string name)
    {
        if (value < 1) throw new ArgumentException($"The engine's option {name} is {value}; it must be at least 1.");
    }
}
