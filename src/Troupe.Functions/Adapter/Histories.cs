using DurableTask.Core;
using DurableTask.Core.History;
using Troupe.Durable;

namespace Troupe.Functions.Adapter;

/// <summary>Histories, in the words of the durable management API, which leaves out where steps begin and end.</summary>
internal static class Histories
{
    public static IReadOnlyList<OrchestrationHistoryEvent> Of(IEnumerable<HistoryEvent> history)
    {
        var told = new List<OrchestrationHistoryEvent>();
        var calls = new Dictionary<int, HistoryEvent>();
        foreach (var happened in history.Where(static happened => happened is not (OrchestratorStartedEvent or OrchestratorCompletedEvent)))
        {
            if (happened is TaskScheduledEvent or SubOrchestrationInstanceCreatedEvent or TimerCreatedEvent)
                calls[happened.EventId] = happened;
            told.Add(Tell(happened, calls));
        }

        return told;
    }

    private static OrchestrationHistoryEvent Tell(HistoryEvent happened, Dictionary<int, HistoryEvent> calls)
    {
        var told = new OrchestrationHistoryEvent(TypeOf(happened), Utc(happened.Timestamp));
        return happened switch
        {
            ExecutionStartedEvent started => told with { Name = started.Name, Input = started.Input },
            TaskScheduledEvent scheduled => told with { Name = scheduled.Name, Input = scheduled.Input },
            TaskCompletedEvent done => Ended(told, done.TaskScheduledId, calls) with { Result = done.Result },
            TaskFailedEvent failed => Ended(told, failed.TaskScheduledId, calls) with { Reason = failed.FailureDetails?.ErrorMessage ?? failed.Reason },
            SubOrchestrationInstanceCreatedEvent child => told with { Name = child.Name, Input = child.Input },
            SubOrchestrationInstanceCompletedEvent done => Ended(told, done.TaskScheduledId, calls) with { Result = done.Result },
            SubOrchestrationInstanceFailedEvent failed => Ended(told, failed.TaskScheduledId, calls) with { Reason = failed.FailureDetails?.ErrorMessage ?? failed.Reason },
            TimerCreatedEvent timer => told with { FireAt = Utc(timer.FireAt) },
            TimerFiredEvent fired => told with { FireAt = Utc(fired.FireAt) },
            EventRaisedEvent raised => told with { Name = raised.Name, Input = raised.Input },
            EventSentEvent sent => told with { Name = sent.Name, Input = sent.Input },
            ExecutionSuspendedEvent suspended => told with { Reason = suspended.Reason },
            ExecutionResumedEvent resumed => told with { Reason = resumed.Reason },
            ExecutionTerminatedEvent terminated => told with { Reason = terminated.Input },
            ContinueAsNewEvent next => told with { Result = next.Result },
            ExecutionCompletedEvent completed => told with
            {
                OrchestrationStatus = Enum.Parse<OrchestrationRuntimeStatus>(completed.OrchestrationStatus.ToString()),
                Result = completed.Result,
                Reason = completed.FailureDetails?.ErrorMessage,
            },
            GenericEvent generic => told with { Reason = generic.Data },
            _ => told,
        };
    }

    /// <summary>What ends a call is told with the call's name and time.</summary>
    private static OrchestrationHistoryEvent Ended(OrchestrationHistoryEvent told, int call, Dictionary<int, HistoryEvent> calls) =>
        calls.GetValueOrDefault(call) is { } begun
            ? told with { Name = (begun as TaskScheduledEvent)?.Name ?? (begun as SubOrchestrationInstanceCreatedEvent)?.Name, ScheduledTime = Utc(begun.Timestamp) }
            : told;

    /// <summary>A continuation and a failure are completions to the platform's types, but not in its own API.</summary>
    private static string TypeOf(HistoryEvent happened) => happened switch
    {
        ExecutionCompletedEvent { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew } => nameof(EventType.ContinueAsNew),
        _ => happened.EventType.ToString(),
    };

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc), TimeSpan.Zero);
}
