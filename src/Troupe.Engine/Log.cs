using Microsoft.Extensions.Logging;

namespace Troupe.Engine;

internal static partial class Log
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "The engine is ready after {Seconds:0.00} s: {Instances} instances go on, {Ready} of them had work to do ({Activities} activities, "
        + "{Messages} messages); {Timers} wait for a timer; {Library}")]
    public static partial void EngineReady(
        this ILogger logger, double seconds, long instances, int ready, long activities, long timers, long messages, string library);

    [LoggerMessage(2, LogLevel.Warning, "Activity '{Activity}' (#{TaskId}) of '{InstanceId}' failed")]
    public static partial void ActivityFailed(this ILogger logger, Exception exception, string activity, int taskId, string instanceId);

    [LoggerMessage(3, LogLevel.Error, "'{InstanceId}' is blocked: {Reason}")]
    public static partial void InstanceBlocked(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(4, LogLevel.Error, "A step of '{InstanceId}' could not be completed; it is taken again in {Delay}")]
    public static partial void StepFailed(this ILogger logger, Exception exception, string instanceId, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Information, "The orchestrator of '{InstanceId}' has returned, but the instance goes on until these have ended: {Open}")]
    public static partial void WaitsForOpenWork(this ILogger logger, string instanceId, string open);

    [LoggerMessage(6, LogLevel.Warning, "Timers could not be loaded; that is tried again soon")]
    public static partial void TimersNotLoaded(this ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Debug, "'{InstanceId}' changed under a step; the step is taken again")]
    public static partial void StepWasStale(this ILogger logger, string instanceId);

    [LoggerMessage(8, LogLevel.Warning, "Activities were still running {Timeout} after their cancellation; they will run again")]
    public static partial void ActivitiesDidNotStop(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(9, LogLevel.Debug, "'{InstanceId}' ended as {Status}")]
    public static partial void InstanceEnded(this ILogger logger, string instanceId, Durable.OrchestrationRuntimeStatus status);

    [LoggerMessage(10, LogLevel.Warning, "What an activity does when it is cancelled failed")]
    public static partial void CancellationCallbackFailed(this ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Debug, "Activity '{Activity}' of '{InstanceId}' could not store what it did; it runs again in {Delay}: {Reason}")]
    public static partial void ActivityNotStored(this ILogger logger, string activity, string instanceId, TimeSpan delay, string reason);

    [LoggerMessage(11, LogLevel.Debug, "A step of '{InstanceId}' could not be stored; it is taken again in {Delay}: {Reason}")]
    public static partial void StepNotStored(this ILogger logger, string instanceId, TimeSpan delay, string reason);
}
