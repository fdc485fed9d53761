using System.Globalization;
using Troupe.Engine.Crash.Judging;
using Troupe.Engine.Crash.Plans;
using Troupe.Engine.Crash.Subject;

namespace Troupe.Engine.Crash.Harness;

/// <summary>
/// Loads a real server process, kills it (SIGKILL) at random instants, starts it again over the same folder, and goes on; in the end
/// everything it had accepted must have come to its right end. Instances are checked when they end, the store and the journals after
/// each kill.
/// </summary>
internal sealed class CrashRun : IDisposable
{
    private readonly CrashOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly string _folder;
    private readonly SubjectGate _gate = new();
    private readonly Tally _tally = new();
    private readonly Verdict _verdict = new();
    private readonly Stage _stage;
    private readonly Lane _lane;
    private readonly StoreJudge _store;
    private readonly JournalJudge _journal;
    private readonly PlanMaker _plans;
    private readonly CrashReport _report;
    private int _planned;
    private int _process;
    private bool _enough;

    public CrashRun(CrashOptions options, string folder, TimeProvider time, Action<string> log)
    {
        (_options, _folder, _time, _log) = (options, folder, time, log);
        _journal = new JournalJudge(_verdict);
        _store = new StoreJudge(folder, _verdict);
        _stage = new Stage(new SubjectClient(_gate, _tally, _verdict), _journal, _tally, _verdict, time, folder);
        _lane = new Lane(_stage, new HistoryJudge(_verdict, _journal));
        _plans = new PlanMaker(options.Seed, time);
        _report = new CrashReport { Options = options };
    }

    /// <exception cref="InvalidOperationException">A guarantee was broken; the message tells seed, process, instance and history.</exception>
    public async Task<CrashReport> RunAsync()
    {
        var start = _time.GetTimestamp();
        var work = WorkAsync();
        if (await Task.WhenAny(work, _verdict.Violation) == work && !_verdict.Violation.IsCompleted) await work;
        if (_verdict.Violation.IsCompleted) throw await DescribeAsync(await _verdict.Violation, work);
        _report.Launches = _tally.Launches;
        _report.Events = _tally.Events;
        _report.Activities = _journal.Begun;
        _report.Rest = string.Create(
            CultureInfo.InvariantCulture,
            $"{_journal.RunAgain} of them interrupted and run again, {_journal.SeenDone} seen done; {_tally.Steers} other operations, "
            + $"{_tally.Purged} purges, {_tally.Repeats} requests asked again");
        _report.Took = _time.GetElapsedTime(start);
        return _report;
    }

    public void Dispose()
    {
        _gate.Close();
        _verdict.Dispose();
    }

    private async Task WorkAsync()
    {
        var lanes = Enumerable.Range(0, _options.Lanes).Select(_ => DriveAsync()).ToList();
        var watching = _lane.WatchAsync(new Random(_options.Seed));
        var random = new Random(_options.Seed);
        while (_report.Kills < _options.Kills) await LiveAndDieAsync(KillInstant.Draw(random));
        _enough = true;
        await EndAsync(Task.WhenAll(lanes));
        await _verdict.EndAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DriveAsync()
    {
        while (!_enough)
        {
            var number = Interlocked.Increment(ref _planned);
            await _lane.CarryOutAsync(_plans.Make(number), purge: number % 2 == 0);
        }
    }

    private async Task LiveAndDieAsync(KillInstant instant)
    {
        await using var subject = SubjectProcess.Start(_folder, ++_process);
        var end = subject.WaitForEndAsync();
        var opening = OpenAsync(subject);
        if (instant.FromReady) await Task.WhenAny(opening, end);
        await Task.WhenAny(Task.Delay(instant.After, _time, _verdict.Ended), end);
        await KillAsync(subject, end, opening);
    }

    private async Task<HttpClient> OpenAsync(SubjectProcess subject)
    {
        var http = new HttpClient { BaseAddress = await subject.Ready, Timeout = Timeout.InfiniteTimeSpan };
        _gate.Open(new LiveSubject(subject.Number, http));
        return http;
    }

    private async Task KillAsync(SubjectProcess subject, Task<string> end, Task opening)
    {
        if (end.IsCompleted) throw _verdict.Fail("engine", $"process {subject.Number} ended by itself: {await end}");
        var requests = _tally.RequestsInFlight;
        subject.Kill();
        var errors = await end;
        // Ready or not is settled now: nobody reads its output any more.
        var wasReady = opening.IsCompleted || subject.Ready.IsCompleted;
        if (wasReady) await opening;
        _gate.Close();
        if (errors.Length > 0) throw _verdict.Fail("engine", $"process {subject.Number} complained: {errors}");
        var running = _journal.Read(Journal.Read(_folder, subject.Number), subject.Number);
        File.Delete(Journal.PathOf(_folder, subject.Number));
        _report.Killed(wasReady, await _store.ExamineAsync(), running, requests);
        if (_report.Kills % 25 == 0) _log($"{_report.Kills} kills, {_tally.Launches} launches, {_tally.Events} events, {_journal.Begun} activities");
    }

    /// <summary>The last process must bring everything to its end, and leave nothing behind.</summary>
    private async Task EndAsync(Task lanes)
    {
        await using var subject = SubjectProcess.Start(_folder, ++_process);
        var end = subject.WaitForEndAsync();
        var opening = OpenAsync(subject);
        var patience = Task.Delay(_options.Patience, _time, _verdict.Ended);
        if (await Task.WhenAny(lanes, patience, end) != lanes)
            throw _verdict.Fail(_lane.UnderWay is [var first, ..] ? first : "engine", $"stuck: {string.Join(", ", _lane.UnderWay)}");
        await lanes;
        while (await _stage.Client.StatisticsAsync() is var left && left.RunningActivities + left.WaitingActivities > 0)
        {
            if (patience.IsCompleted) throw _verdict.Fail("engine", $"everything has ended, but {left} remain");
            await Task.Delay(TimeSpan.FromMilliseconds(10), _time, _verdict.Ended);
        }

        await KillAsync(subject, end, opening);
        if (await _store.ExamineAsync() is { IsEmpty: false } left2) throw _verdict.Fail("store", $"everything has ended, but {left2} remains");
    }

    private async Task<Exception> DescribeAsync(ViolationException violation, Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new InvalidOperationException(
            $"Seed {_options.Seed}, process {_process}, kill {_report.Kills} of {_options.Kills}; {violation.Message}\n"
            + $"{await _store.TellHistoryAsync(violation.Instance)}\nThe data folder is kept: {_folder}");
    }
}
