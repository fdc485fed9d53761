using Troupe.Durable;

namespace Troupe.Engine.Replay;

/// <summary>Tells a history in the words of the durable management API.</summary>
internal static class HistoryView
{
    public static IReadOnlyList<OrchestrationHistoryEvent> Of(string orchestratorName, IEnumerable<Step> history)
    {
        var events = new List<OrchestrationHistoryEvent>();
        var opened = new Dictionary<int, (Decision Decision, DateTimeOffset Time)>();
        foreach (var step in history)
        {
            var time = new DateTimeOffset(step.Time, TimeSpan.Zero);
            foreach (var message in step.Messages) events.Add(Tell(message, orchestratorName, time, opened));
            foreach (var decision in step.Decisions)
            {
                if (IdOf(decision) is { } id) opened[id] = (decision, time);
                events.Add(Tell(decision, time));
            }
        }

        return events;
    }

    private static OrchestrationHistoryEvent Tell(
        Message message, string orchestratorName, DateTimeOffset time, Dictionary<int, (Decision Decision, DateTimeOffset Time)> opened) => message switch
        {
            ExecutionStarted started => new("ExecutionStarted", time) { Name = orchestratorName, Input = started.Input },
            TaskCompleted done => Ending("Completed", done.TaskId, time, opened) with { Result = done.Result },
            TaskFailed failed => Ending("Failed", failed.TaskId, time, opened) with { Reason = failed.Failure.ErrorMessage },
            TimerFired fired => new("TimerFired", time) { FireAt = DueTime(opened.GetValueOrDefault(fired.TimerId).Decision) },
            EventRaised raised => new("EventRaised", time) { Name = raised.Name, Input = raised.Payload },
            ExecutionSuspended suspended => new("ExecutionSuspended", time) { Reason = suspended.Reason },
            ExecutionResumed resumed => new("ExecutionResumed", time) { Reason = resumed.Reason },
            ExecutionTerminated terminated => new("ExecutionTerminated", time) { Reason = terminated.Output },
            ExecutionRewound rewound => new("GenericEvent", time) { Reason = rewound.Reason },
            _ => throw new InvalidOperationException($"Unknown message {message.GetType()}."),
        };

    private static OrchestrationHistoryEvent Tell(Decision decision, DateTimeOffset time) => decision switch
    {
        ActivityScheduled activity => new("TaskScheduled", time) { Name = activity.Name, Input = activity.Input },
        ChildStarted child => new("SubOrchestrationInstanceCreated", time) { Name = child.Name, Input = child.Input },
        TimerCreated => new("TimerCreated", time) { FireAt = DueTime(decision) },
        TimerCancelled => new("TimerCanceled", time),
        EventSent sent => new("EventSent", time) { Name = sent.Name, Input = sent.Payload },
        ExecutionCompleted ended => new("ExecutionCompleted", time)
        {
            OrchestrationStatus = ended.Status,
            Result = ended.Output,
            Reason = ended.Failure?.ErrorMessage,
        },
        ContinuedAsNew next => new("ContinueAsNew", time) { Result = next.Input },
        _ => throw new InvalidOperationException($"Unknown decision {decision.GetType()}."),
    };

    private static OrchestrationHistoryEvent Ending(
        string how, int taskId, DateTimeOffset time, Dictionary<int, (Decision Decision, DateTimeOffset Time)> opened)
    {
        var (decision, scheduled) = opened.GetValueOrDefault(taskId);
        return decision is ChildStarted child
            ? new("SubOrchestrationInstance" + how, time) { Name = child.Name, ScheduledTime = scheduled }
            : new("Task" + how, time) { Name = (decision as ActivityScheduled)?.Name, ScheduledTime = scheduled };
    }

    private static DateTimeOffset? DueTime(Decision? decision) =>
        decision is TimerCreated timer ? new DateTimeOffset(timer.FireAt, TimeSpan.Zero) : null;

    private static int? IdOf(Decision decision) => decision switch
    {
        ActivityScheduled activity => activity.TaskId,
        ChildStarted child => child.TaskId,
        TimerCreated timer => timer.TimerId,
        _ => null,
    };
}
