using System.Globalization;
using Troupe.Engine.Crash.Judging;
using Troupe.Engine.Crash.Plans;

namespace Troupe.Engine.Crash.Harness;

/// <summary>
/// Loads a real server process, kills it at random instants, starts it again over the same folder, and goes on; in the end everything it
/// had accepted must have come to its right end. Instances are judged when they end, the store and the activities' journals after each
/// kill.
/// </summary>
internal sealed class CrashRun : IDisposable
{
    /// <summary>How long activities of terminated instances may go on.</summary>
    private static readonly TimeSpan CancellationTime = TimeSpan.FromSeconds(2);

    private readonly CrashOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly SubjectGate _gate = new();
    private readonly Tally _tally = new();
    private readonly Verdict _verdict = new();
    private readonly Stage _stage;
    private readonly Lane _lane;
    private readonly StoreJudge _store;
    private readonly JournalJudge _journal;
    private readonly Killer _killer;
    private readonly PlanMaker _plans;
    private readonly List<Task> _lanes = [];
    private int _planned;
    private volatile bool _enough;

    /// <param name="folder">Empty; the engine's data folder.</param>
    /// <param name="log">Told of the progress.</param>
    public CrashRun(CrashOptions options, string folder, TimeProvider time, Action<string> log)
    {
        (_options, _time, _log) = (options, time, log);
        _journal = new JournalJudge(_verdict);
        _store = new StoreJudge(folder, _verdict);
        _killer = new Killer(folder, _gate, _tally, _verdict, _store, _journal, time);
        _stage = new Stage(new SubjectClient(_gate, _tally, _verdict), _journal, _tally, _verdict, time, folder);
        _lane = new Lane(_stage, new HistoryJudge(_verdict, _journal));
        _plans = new PlanMaker(options.Seed, time);
    }

    /// <exception cref="InvalidOperationException">A guarantee was broken; the message tells seed, kill, instance and history.</exception>
    public async Task<CrashReport> RunAsync()
    {
        var start = _time.GetTimestamp();
        var report = new CrashReport(_options.Seed);
        var work = WorkAsync(report);
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_verdict.Violation.IsCompleted) throw await DescribeAsync(await _verdict.Violation);
        await work;
        report.Launches = _tally.Launches;
        report.Figures = Figures(_time.GetElapsedTime(start));
        return report;
    }

    public void Dispose()
    {
        _gate.Close();
        _verdict.Dispose();
    }

    private async Task WorkAsync(CrashReport report)
    {
        for (var lane = 0; lane < _options.Lanes; lane++) _lanes.Add(DriveAsync());
        var watching = _lane.WatchAsync(new Random(_options.Seed));
        var random = new Random(_options.Seed);
        while (report.Kills < _options.Kills)
        {
            report.Add(await _killer.LiveAndDieAsync(random));
            if (report.Kills % 25 == 0) _log($"{report.Kills} kills, {_tally.Launches} launches, {_tally.Events} events, {_journal.Begun} activities");
        }

        _enough = true;
        var last = await _killer.LiveUntilAsync(FinishAsync);
        if (!last.Store.IsEmpty) throw _verdict.Fail("store", $"everything has ended, but {last.Store} remains");
        await _verdict.EndAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DriveAsync()
    {
        while (!_enough)
        {
            var number = Interlocked.Increment(ref _planned);
            var plan = _plans.Make(number);
            await _lane.CarryOutAsync(plan, purge: plan.IsBulky || number % 2 == 0);
        }
    }

    /// <summary>Nothing may be stuck.</summary>
    private async Task FinishAsync()
    {
        var patience = Task.Delay(_options.Patience, _time, _verdict.Ended);
        var lanes = Task.WhenAll(_lanes);
        if (await Task.WhenAny(lanes, patience) != lanes)
            throw _verdict.Fail(_lane.UnderWay is [var first, ..] ? first : "engine", $"stuck: {string.Join(", ", _lane.UnderWay)}");
        await lanes;
        await _lane.JudgeAgainAsync();
        var cancellation = Task.Delay(CancellationTime, _time, _verdict.Ended);
        while (await _stage.Client.CountActivitiesAsync() is var left and > 0)
        {
            if (cancellation.IsCompleted) throw _verdict.Fail("engine", $"everything has ended, but {left} activities remain");
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, _verdict.Ended);
        }
    }

    private string Figures(TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"{took.TotalSeconds:F0} s; accepted {_tally.Launches} launches, {_tally.Events} events, {_tally.Steers} other operations; "
        + $"{_journal.Begun} activities begun, {_journal.RunAgain} of these again after a kill, {_journal.SeenDone} seen done; "
        + $"{_lane.Purged} purges; {_tally.Repeats} requests asked again");

    private async Task<Exception> DescribeAsync(ViolationException violation) => new InvalidOperationException(
        $"Seed {_options.Seed}, process {_killer.Processes} of {_options.Kills + 1}: {violation.Message}\n{await _store.TellHistoryAsync(violation.Instance)}");
}
