using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>The options of a run that is forked with others than the earlier run's.</summary>
internal static class ForkOptions
{
    /// <summary>Tasks that had an option from the earlier run take the new run's; what was a task's own stays.</summary>
    public static Plan HandDown(Plan plan, RunRecord earlier, RunOptions now) => earlier.Options == now
        ? plan
        : plan with
        {
            Nodes = [.. plan.Nodes.Select(node => node.Task is { } task
                ? node with { Task = task with { Options = HandDown(task.Options, earlier, now) } }
                : node)],
        };

    /// <summary>Whether somebody is to be called whose address is missing.</summary>
    public static IEnumerable<Problem> Check(Plan plan, RunOptions options)
    {
        const string place = "/overrides/options/callback_url";
        if (options is { CallbackUrl: null, OnCompletion.Action: CompletionAction.Callback })
            yield return new Problem("on_completion is callback, but there is no callback_url to call. Add one.", place);
        if (plan.Nodes.FirstOrDefault(static node => node.Task?.Options is { CallbackUrl: null, OnFailure: OnFailure.Callback }) is { } task)
            yield return new Problem($"on_failure of '{task.Key}' is callback, but there is no callback_url to call. Add one.", place);
    }

    private static RunOptions HandDown(RunOptions task, RunRecord earlier, RunOptions now) => task with
    {
        // The timeout of a single task is its run's; that of a workflow bounds the whole and is no task's.
        Timeout = earlier.Kind == RunKind.Task && now.Timeout is not null ? now.Timeout : task.Timeout,
        MaxRetries = Follow(task.MaxRetries, earlier.Options.MaxRetries, now.MaxRetries),
        RetryBackoff = Follow(task.RetryBackoff, earlier.Options.RetryBackoff, now.RetryBackoff),
        Priority = Follow(task.Priority, earlier.Options.Priority, now.Priority),
        CallbackUrl = task.CallbackUrl == earlier.Options.CallbackUrl ? now.CallbackUrl : task.CallbackUrl,
        OnFailure = Follow(task.OnFailure, earlier.Options.OnFailure, now.OnFailure),
        MaxConcurrency = Follow(task.MaxConcurrency, earlier.Options.MaxConcurrency, now.MaxConcurrency),
        Mode = now.Mode is null ? task.Mode : Follow(task.Mode, earlier.Options.Mode ?? ExecutionMode.Api, now.Mode),
        UseDirectLlm = Follow(task.UseDirectLlm, earlier.Options.UseDirectLlm, now.UseDirectLlm),
    };

    private static T? Follow<T>(T? task, T? earlier, T? now)
        where T : struct => EqualityComparer<T?>.Default.Equals(task, earlier) ? now : task;
}
