using System.Diagnostics.Metrics;
using Troupe.Durable;
using Troupe.Engine.Activities;
using Troupe.Engine.Hosting;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Metrics;

/// <summary>What the engine does, as the instruments of the meter <c>Troupe.Engine</c>. They cost next to nothing while nobody listens.</summary>
internal sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "Troupe.Engine";

    /// <summary>From 100 µs, less than any disk takes for an fsync, to 10 s.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };

    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _activitiesStarted;
    private readonly Counter<long> _activitiesCompleted;
    private readonly Counter<long> _activitiesFailed;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitWrites;
    private readonly Histogram<double> _timerLateness;

    public EngineMetrics()
    {
        _started = Counter("troupe.engine.instances.started", "{instance}", "Instances that took their first step.");
        _ended = Counter("troupe.engine.instances.ended", "{instance}", "Instances that ended, by status.");
        _steps = Counter("troupe.engine.steps", "{step}", "Steps that were committed.");
        _replays = Counter("troupe.engine.replays", "{instance}", "Instances brought back into memory by replaying their history.");
        _evictions = Counter("troupe.engine.evictions", "{instance}", "Idle instances that left memory to make room.");
        _activitiesStarted = Counter("troupe.engine.activities.started", "{activity}", "Activities that began to run, by activity.");
        _activitiesCompleted = Counter("troupe.engine.activities.completed", "{activity}", "Activities that returned a result, by activity.");
        _activitiesFailed = Counter("troupe.engine.activities.failed", "{activity}", "Activities that threw, by activity; each attempt counts.");
        _retries = Counter("troupe.engine.retries", "{call}", "Calls of activities and children that their retry policy made again.");
        _commitDuration = Meter.CreateHistogram("troupe.engine.commit.duration", "s", "From the begin of a transaction until it is on the disk.", tags: null, Seconds);
        _commitWrites = Meter.CreateHistogram("troupe.engine.commit.writes", "{write}", "Writes that shared a transaction.", tags: null, Sizes);
        _timerLateness = Meter.CreateHistogram("troupe.engine.timer.lateness", "s", "From a timer's due time until the step that it woke is on the disk.", tags: null, Seconds);
    }

    /// <summary>This engine's own, so that several in one process can be told apart.</summary>
    public Meter Meter { get; } = new(MeterName, typeof(EngineMetrics).Assembly.GetName().Version?.ToString(3));

    /// <summary>Adds the instruments that look at the engine when they are asked.</summary>
    public void Observe(EngineCore core)
    {
        Meter.CreateObservableUpDownCounter(
            "troupe.engine.activities.queued", () => Queued(core.Activities), "{activity}", "Activities that wait for their turn, by priority.");
        Meter.CreateObservableUpDownCounter("troupe.engine.activities.running", () => core.Activities.Running, "{activity}", "Activities that run.");
        Meter.CreateObservableUpDownCounter("troupe.engine.instances.live", () => core.Directory.Count, "{instance}", "Instances in memory.");
        Meter.CreateObservableUpDownCounter(
            "troupe.engine.instances.blocked", () => core.Blocked.Count, "{instance}", "Instances that cannot go on before their code is put right.");
        Meter.CreateObservableUpDownCounter(
            "troupe.engine.recovery.left", () => core.Recovery.Progress.Left, "{instance}", "Instances that start-up has yet to look at.");
    }

    /// <summary>A step is on the disk.</summary>
    public void Stepped(StepCommit commit, int retries)
    {
        _steps.Add(1);
        if (retries > 0) _retries.Add(retries);
        if (commit.Before is { Steps: 0, Execution: 1 }) _started.Add(1);
        if (commit.After.IsFinished && _ended.Enabled) _ended.Add(1, new KeyValuePair<string, object?>("status", commit.After.Status.ToString()));
    }

    public void Replayed() => _replays.Add(1);

    public void Evicted() => _evictions.Add(1);

    public void ActivityStarted(string name) => _activitiesStarted.Add(1, Activity(name));

    public void ActivityCompleted(string name) => _activitiesCompleted.Add(1, Activity(name));

    public void ActivityFailed(string name) => _activitiesFailed.Add(1, Activity(name));

    public void Committed(int writes, TimeSpan duration)
    {
        _commitDuration.Record(duration.TotalSeconds);
        _commitWrites.Record(writes);
    }

    public void TimersFired(IReadOnlyList<(int TimerId, DateTime FireAt)> fired, DateTime now)
    {
        foreach (var (_, fireAt) in fired) _timerLateness.Record((now - fireAt).TotalSeconds);
    }

    public void Dispose() => Meter.Dispose();

    private Counter<long> Counter(string name, string unit, string description) => Meter.CreateCounter<long>(name, unit, description);

    private static KeyValuePair<string, object?> Activity(string name) => new("activity", name);

    private static IEnumerable<Measurement<int>> Queued(ActivityDispatcher activities) =>
        from priority in Enum.GetValues<ActivityPriority>()
        select new Measurement<int>(activities.WaitingOf(priority), new KeyValuePair<string, object?>("priority", priority.ToString()));
}
