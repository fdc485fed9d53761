using System.Globalization;

namespace Troupe.Engine.Crash.Harness;

/// <summary>The figures of a run.</summary>
internal sealed class CrashReport(int seed)
{
    private readonly List<Death> _deaths = [];

    public int Kills => _deaths.Count;

    /// <summary>Kills while instances were unfinished.</summary>
    public int KillsInFlight => _deaths.Count(static death => !death.Store.IsEmpty);

    public long Launches { get; set; }

    public string Figures { get; set; } = "";

    public void Add(Death death) => _deaths.Add(death);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        seed {seed}: {Kills} kills, {_deaths.Count(static death => !death.WasReady)} of them before the process was ready, {KillsInFlight} with instances under way
        {Figures}
        in flight at a kill (mean/most): {string.Join(", ", InFlight())}
        """);

    private IEnumerable<string> InFlight() => _deaths.Count == 0 ? [] :
    [
        Tell("instances", static death => death.Store.Unfinished),
        Tell("activities running", static death => death.Activities),
        Tell("activities open", static death => death.Store.OpenActivities),
        Tell("timers", static death => death.Store.Timers),
        Tell("inbox messages", static death => death.Store.Inbox),
        Tell("suspended", static death => death.Store.Suspended),
        Tell("requests", static death => death.Requests),
    ];

    private string Tell(string what, Func<Death, long> count) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {_deaths.Average(count):F1}/{_deaths.Max(count)}");
}
