using System.Globalization;
using Troupe.Engine.Crash.Judging;

namespace Troupe.Engine.Crash.Harness;

/// <summary>The figures of a run.</summary>
internal sealed class CrashReport
{
    private readonly List<(Wreckage Store, int Activities, long Requests)> _kills = [];

    public required CrashOptions Options { get; init; }

    public int Kills => _kills.Count;

    /// <summary>Kills before the process was ready: in the midst of start-up and recovery.</summary>
    public int KillsBeforeReady { get; private set; }

    /// <summary>Kills while instances were unfinished.</summary>
    public int KillsInFlight => _kills.Count(static kill => !kill.Store.IsEmpty);

    public long Launches { get; set; }

    public long Events { get; set; }

    public long Activities { get; set; }

    public string Rest { get; set; } = "";

    public TimeSpan Took { get; set; }

    public void Killed(bool wasReady, Wreckage store, int activities, long requests)
    {
        _kills.Add((store, activities, requests));
        if (!wasReady) KillsBeforeReady++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        seed {Options.Seed}: {Kills} kills ({KillsBeforeReady} before ready) in {Took.TotalSeconds:F0} s
        accepted: {Launches} launches, {Events} events; {Activities} activities begun; {Rest}
        in flight at a kill (mean, most): {InFlight("instances", static kill => kill.Store.Unfinished)}, {InFlight("activities running", static kill => kill.Activities)}, {InFlight("activities open", static kill => kill.Store.OpenActivities)}, {InFlight("timers", static kill => kill.Store.Timers)}, {InFlight("inbox messages", static kill => kill.Store.Inbox)}, {InFlight("suspended", static kill => kill.Store.Suspended)}, {InFlight("requests", static kill => kill.Requests)}
        """);

    private string InFlight(string what, Func<(Wreckage Store, int Activities, long Requests), long> count) => _kills.Count == 0
        ? $"{what} none"
        : string.Create(CultureInfo.InvariantCulture, $"{what} {_kills.Average(count):F1} {_kills.Max(count)}");
}
