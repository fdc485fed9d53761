using Troupe.Core.Definitions;
using Troupe.Core.Planning;

namespace Troupe.Core.Runs;

/// <summary>The callback URLs of a run that is forked with other options.</summary>
internal static class ForkCallbacks
{
    /// <summary>Tasks that had the earlier run's URL take the new run's; a URL of their own stays.</summary>
    public static Plan Follow(Plan plan, Uri? earlier, Uri? now) => earlier == now
        ? plan
        : plan with
        {
            Nodes = [.. plan.Nodes.Select(node => node.Task is { } task && task.Options.CallbackUrl == earlier
                ? node with { Task = task with { Options = task.Options with { CallbackUrl = now } } }
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
}
