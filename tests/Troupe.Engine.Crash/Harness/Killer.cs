using Troupe.Engine.Crash.Judging;
using Troupe.Engine.Crash.Subject;

namespace Troupe.Engine.Crash.Harness;

/// <summary>Starts one process after the other over the same folder, kills each (SIGKILL), and has judged what it left.</summary>
internal sealed class Killer(string folder, SubjectGate gate, Tally tally, Verdict verdict, StoreJudge store, JournalJudge journal, TimeProvider time)
{
    private TimeSpan _start = TimeSpan.FromMilliseconds(300);

    /// <summary>How many processes there were.</summary>
    public int Processes { get; private set; }

    public Task<Death> LiveAndDieAsync(Random random) => LiveAsync(async (ready, end) =>
    {
        var instant = KillInstant.Draw(random, _start);
        if (instant.FromReady) await Task.WhenAny(ready, end);
        await Task.WhenAny(Task.Delay(instant.After, time, verdict.Ended), end);
    });

    /// <summary>Lets a process live until some work is done.</summary>
    public Task<Death> LiveUntilAsync(Func<Task> work) => LiveAsync((_, end) => Task.WhenAny(work(), end).Unwrap());

    private async Task<Death> LiveAsync(Func<Task, Task, Task> live)
    {
        await using var subject = SubjectProcess.Start(folder, ++Processes);
        var end = subject.WaitForEndAsync();
        var opening = OpenAsync(subject);
        await live(opening, end);
        if (end.IsCompleted) throw verdict.Fail("engine", $"process {subject.Number} ended by itself: {await end}");

        var requests = tally.RequestsInFlight;
        subject.Kill();
        var complaints = await end;
        // Whether it was ready is settled now that all it said has been read.
        var wasReady = subject.Ready.IsCompleted;
        if (wasReady) await opening;
        gate.Close();
        if (complaints.Length > 0) throw verdict.Fail("engine", $"process {subject.Number} complained: {complaints}");
        var running = journal.Read(Journal.Read(folder, subject.Number), subject.Number);
        File.Delete(Journal.PathOf(folder, subject.Number));
        return new Death(wasReady, await store.ExamineAsync(), running, requests);
    }

    private async Task OpenAsync(SubjectProcess subject)
    {
        var started = time.GetTimestamp();
        var http = new HttpClient { BaseAddress = await subject.Ready, Timeout = Timeout.InfiniteTimeSpan };
        _start = (_start + time.GetElapsedTime(started)) / 2;
        gate.Open(new LiveSubject(subject.Number, http));
    }
}
