using System.Collections.Concurrent;
using Troupe.Engine.Crash.Harness;
using Troupe.Engine.Crash.Subject;

namespace Troupe.Engine.Crash.Judging;

/// <summary>
/// Judges what activities did by their own journals. An activity of a later stage shows that those of earlier stages were committed;
/// what was seen in a history shows it as well. Neither may run again. Lanes may tell what they saw at any time.
/// </summary>
internal sealed class JournalJudge(Verdict verdict)
{
    private readonly Dictionary<(string Instance, long Life), int> _stages = [];
    private readonly HashSet<WorkKey> _begun = [];
    private readonly ConcurrentDictionary<WorkKey, int> _seenDone = new();
    private readonly ConcurrentDictionary<string, int> _seenEnded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _retryIntervals = new(StringComparer.Ordinal);

    public long Begun { get; private set; }

    public long RunAgain { get; private set; }

    public int SeenDone => _seenDone.Count;

    /// <summary>The completion of a piece of work was seen in a history that the given process told.</summary>
    public void SawDone(WorkKey key, int process) => _seenDone.TryAdd(key, process);

    public void SawEnd(string instance, int process) => _seenEnded[instance] = process;

    /// <summary>An ended instance goes on.</summary>
    public void Reopens(string instance) => _seenEnded.TryRemove(instance, out _);

    public void ExpectRetriesAfter(string instance, TimeSpan interval) => _retryIntervals[instance] = interval;

    /// <summary>Reads the journal of a process that is gone; returns how many activities it was in the midst of.</summary>
    public int Read(IReadOnlyList<JournalLine> lines, int process)
    {
        var running = new HashSet<WorkKey>();
        var returned = new HashSet<WorkKey>();
        var threw = new Dictionary<WorkKey, long>();
        foreach (var line in lines)
        {
            if (line.Mark == JournalMark.Begun)
            {
                CheckBeginning(line, process, returned, threw);
                running.Add(line.Key);
                continue;
            }

            running.Remove(line.Key);
            if (line.Mark == JournalMark.Returned) returned.Add(line.Key);
            if (line.Mark == JournalMark.Threw) threw[line.Key] = line.Time;
        }

        return running.Count;
    }

    private void CheckBeginning(JournalLine line, int process, HashSet<WorkKey> returned, Dictionary<WorkKey, long> threw)
    {
        var key = line.Key;
        var life = (key.Instance, key.Life);
        Begun++;
        if (!_begun.Add(key)) RunAgain++;
        if (line.NotBefore > line.Time)
            throw Fail($"a timer fired {TimeSpan.FromTicks(line.NotBefore - line.Time)} early");
        if (returned.Contains(key)) throw Fail("it had returned in the same process");
        if (_stages.GetValueOrDefault(life) > key.Stage) throw Fail($"stage {_stages[life]} had begun, so it was committed");
        _stages[life] = key.Stage;
        if (_seenDone.TryGetValue(key, out var seen) && seen < process) throw Fail($"its completion was in the history that process {seen} told");
        if (_seenEnded.TryGetValue(key.Instance, out var ended) && ended < process) throw Fail($"process {ended} had said that the instance had ended");
        if (threw.Remove(key, out var at) && _retryIntervals.TryGetValue(key.Instance, out var interval) && line.Time - at < interval.Ticks)
            throw Fail($"it was retried {TimeSpan.FromTicks(line.Time - at)} after its failure instead of {interval}");

        ViolationException Fail(string why) =>
            verdict.Fail(key.Instance, $"process {process} ran the activity of stage {key.Stage}, index {key.Index}: {why}");
    }
}
