using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Adapter;

/// <summary>
/// The platform reports an activity as failed when the worker process that ran it dies, while it repeats one whose whole instance died. Both
/// are the same here: the activity is called again.
/// </summary>
internal static class LostWorkers
{
    /// <summary>An activity that kills its worker each time is a failure in the end.</summary>
    public const int MaxCalls = 5;

    /// <summary>As the Functions host names it, which has no public type for it.</summary>
    private const string WorkerExit = "Microsoft.Azure.WebJobs.Script.Workers.WorkerProcessExitException";

    public static Platform.TaskOptions CallAgain { get; } = Platform.TaskOptions.FromRetryHandler(
        static context => context.LastAttemptNumber < MaxCalls && IsLost(context.LastFailure));

    private static bool IsLost(Platform.TaskFailureDetails? failure) =>
        failure is not null && (failure.ErrorType == WorkerExit || IsLost(failure.InnerFailure));
}
