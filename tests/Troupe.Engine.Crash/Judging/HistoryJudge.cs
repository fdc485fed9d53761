using System.Text.Json;
using Troupe.Durable;
using Troupe.Engine.Crash.Harness;
using Troupe.Engine.Crash.Subject;
using Troupe.Engine.Crash.Work;

namespace Troupe.Engine.Crash.Judging;

/// <summary>Judges the history of an instance by itself: nothing twice, nothing early, nothing out of order.</summary>
internal sealed class HistoryJudge(Verdict verdict, JournalJudge journal)
{
    /// <summary>Notes what a history shows to be done.</summary>
    public void Observe(string id, IReadOnlyList<OrchestrationHistoryEvent> history, int process)
    {
        foreach (var done in Completions(history)) journal.SawDone(new WorkKey(id, done.Life, done.Stage, done.Index), process);
    }

    public void Check(string id, IReadOnlyList<OrchestrationHistoryEvent> history)
    {
        var completions = Completions(history).ToList();
        if (completions.Distinct().Count() != completions.Count) throw verdict.Fail(id, "its history holds one completion twice");
        if (Count("TaskCompleted") + Count("TaskFailed") > Count("TaskScheduled")) throw verdict.Fail(id, "its history holds more outcomes than calls");
        if (Count("TimerFired") + Count("TimerCanceled") > Count("TimerCreated")) throw verdict.Fail(id, "a timer fired twice");
        if (history.FirstOrDefault(static told => told.EventType == "TimerFired" && told.Timestamp < told.FireAt) is { } early)
            throw verdict.Fail(id, $"a timer due at {early.FireAt:O} fired at {early.Timestamp:O}");
        foreach (var events in history.Where(static told => told.EventType == "EventRaised").GroupBy(static told => told.Name))
            CheckOrder(id, events.Key!, [.. events.Select(static told => Read<Parcel>(told.Input!).Number)]);

        int Count(string type) => history.Count(told => told.EventType == type);
    }

    private void CheckOrder(string id, string name, List<int> numbers)
    {
        for (var i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] != numbers[i - 1] + 1) throw verdict.Fail(id, $"its events '{name}' came as {string.Join(", ", numbers)}");
        }
    }

    private static IEnumerable<Done> Completions(IReadOnlyList<OrchestrationHistoryEvent> history) =>
        history.Where(static told => told is { EventType: "TaskCompleted", Result: not null }).Select(static told => Read<Done>(told.Result!));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!;
}
