using System.Diagnostics.CodeAnalysis;
using Troupe.Durable;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Adapter;

/// <summary>Failures of activities and children, in the contract's words.</summary>
internal static class Failures
{
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Platform.TaskFailedException failed)
        {
            throw new TaskFailedException(failed.TaskName, failed.TaskId, Of(failed.FailureDetails));
        }
    }

    [return: NotNullIfNotNull(nameof(details))]
    public static FailureDetails? Of(Platform.TaskFailureDetails? details) => details is null
        ? null
        : new FailureDetails(details.ErrorType, details.ErrorMessage, details.StackTrace, Of(details.InnerFailure));
}
