namespace Troupe.Durable;

/// <summary>What is kept of an exception that crossed a durable boundary.</summary>
/// <param name="ErrorType">The full name of the exception's type (best effort on Durable Functions).</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">Where it was thrown, if known.</param>
/// <param name="InnerFailure">The cause, best effort.</param>
public sealed record FailureDetails(string ErrorType, string ErrorMessage, string? StackTrace = null, FailureDetails? InnerFailure = null)
{
    /// <summary>Describes an exception with its causes, at most five levels deep.</summary>
    public static FailureDetails FromException(Exception exception) => FromException(exception, 5);

    private static FailureDetails FromException(Exception exception, int levels) => new(
        exception.GetType().FullName ?? exception.GetType().Name,
        exception.Message,
        exception.StackTrace,
        exception.InnerException is { } inner && levels > 1 ? FromException(inner, levels - 1) : null);
}

/// <summary>An activity or a child orchestration failed. It can be caught in an orchestrator like any exception.</summary>
public sealed class TaskFailedException(string taskName, int taskId, FailureDetails failureDetails)
    : Exception($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}")
{
    public string TaskName { get; } = taskName;

    /// <summary>The number of the call within its orchestration.</summary>
    public int TaskId { get; } = taskId;

    public FailureDetails FailureDetails { get; } = failureDetails;
}
