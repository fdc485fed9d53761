using Troupe.Core.Agents;
using Troupe.Core.Definitions;

namespace Troupe.Core.Planning;

/// <summary>Puts the levels of options together and sets the defaults.</summary>
public static class OptionsMerger
{
    /// <summary>One attempt of a task: 30 minutes.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    public const int DefaultMaxRetries = 3;

    public const int DefaultMaxConcurrency = 10;

    /// <summary>A run's options: the launch's win over the workflow's; tags are united, metadata too.</summary>
    public static RunOptions ForRun(RunOptions workflow, RunOptions launch) => new()
    {
        Timeout = launch.Timeout ?? workflow.Timeout,
        MaxRetries = launch.MaxRetries ?? workflow.MaxRetries ?? DefaultMaxRetries,
        RetryBackoff = launch.RetryBackoff ?? workflow.RetryBackoff ?? RetryBackoff.Exponential,
        Priority = launch.Priority ?? workflow.Priority ?? Priority.Normal,
        CallbackUrl = launch.CallbackUrl ?? workflow.CallbackUrl,
        OnCompletion = launch.OnCompletion ?? workflow.OnCompletion,
        OnFailure = launch.OnFailure ?? workflow.OnFailure ?? OnFailure.Fail,
        MaxConcurrency = launch.MaxConcurrency ?? workflow.MaxConcurrency ?? DefaultMaxConcurrency,
        Budget = launch.Budget ?? workflow.Budget,
        Tags = [.. workflow.Tags.Union(launch.Tags, StringComparer.Ordinal)],
        Metadata = workflow.Metadata.Concat(launch.Metadata).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
        Mode = launch.Mode ?? workflow.Mode,
        UseDirectLlm = launch.UseDirectLlm ?? workflow.UseDirectLlm ?? true,
        StartAfter = launch.StartAfter ?? (launch.StartAt is null ? workflow.StartAfter : null),
        StartAt = launch.StartAt ?? (launch.StartAfter is null ? workflow.StartAt : null),
        RequiresApproval = launch.RequiresApproval ?? workflow.RequiresApproval ?? false,
    };

    /// <summary>A task's options: its own win over the run's. What concerns the run as a whole (timeout, budget, tags, start) is not handed down.</summary>
    /// <param name="run">As <see cref="ForRun"/> made them.</param>
    public static RunOptions ForTask(RunOptions task, RunOptions run, AgentDefinition agent) => task with
    {
        Timeout = task.Timeout ?? agent.Timeout ?? DefaultTimeout,
        MaxRetries = task.MaxRetries ?? run.MaxRetries,
        RetryBackoff = task.RetryBackoff ?? run.RetryBackoff,
        Priority = task.Priority ?? run.Priority,
        CallbackUrl = task.CallbackUrl ?? run.CallbackUrl,
        OnFailure = task.OnFailure ?? run.OnFailure,
        MaxConcurrency = task.MaxConcurrency ?? run.MaxConcurrency,
        Mode = task.Mode ?? run.Mode ?? agent.Mode ?? ExecutionMode.Api,
        UseDirectLlm = task.UseDirectLlm ?? run.UseDirectLlm,
        RequiresApproval = task.RequiresApproval ?? false,
    };
}
