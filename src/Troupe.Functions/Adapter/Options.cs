using Troupe.Durable;
using Platform = Microsoft.DurableTask;

namespace Troupe.Functions.Adapter;

/// <summary>How calls are made, in the platform's words. Priorities and concurrency keys have none there.</summary>
internal static class Options
{
    public static Platform.TaskOptions OfActivity(TaskOptions? options) =>
        options?.Retry is { } policy ? new Platform.TaskOptions(Of(policy)) : LostWorkers.CallAgain;

    public static Platform.SubOrchestrationOptions OfChild(TaskOptions? options, string version) =>
        new(options?.Retry is { } policy ? Of(policy) : null, (options as SubOrchestrationOptions)?.InstanceId) { Version = version };

    private static Platform.TaskRetryOptions Of(RetryPolicy policy) => Platform.TaskRetryOptions.FromRetryPolicy(new Platform.RetryPolicy(
        policy.MaxNumberOfAttempts, policy.FirstRetryInterval, policy.BackoffCoefficient, policy.MaxRetryInterval, policy.RetryTimeout));
}
