namespace Troupe.Engine.Replay;

/// <summary>What a failed execution becomes when it is rewound.</summary>
/// <param name="History">The steps that stand.</param>
/// <param name="Carried">The messages that it gets again first.</param>
/// <param name="Reopened">The failed calls and children that will run again.</param>
internal sealed record Rewound(IReadOnlyList<Step> History, IReadOnlyList<Message> Carried, IReadOnlySet<int> Reopened);

/// <summary>
/// Takes failures out of a history, so that the calls run again. The last step, which ended the execution, is always taken back. Failures
/// in earlier steps that led to no decision (a fan-out that still waited for its other branches) go too, as long as the code replays
/// without them; a failure that the code dealt with stays.
/// </summary>
internal static class Rewinder
{
    /// <param name="history">The whole history of a failed execution.</param>
    /// <param name="reason">Kept in the history.</param>
    /// <param name="replays">Whether the code agrees with a history.</param>
    public static Rewound Rewind(IReadOnlyList<Step> history, string reason, Func<IReadOnlyList<Step>, bool> replays)
    {
        var last = history[^1];
        var standing = history.Take(history.Count - 1).ToList();
        var thorough = standing.ConvertAll(static step => step.Decisions.Count == 0 ? step with { Messages = [.. step.Messages.Where(IsNoFailure)] } : step);
        var lost = standing.SelectMany(static step => step.Messages).Except(thorough.SelectMany(static step => step.Messages));
        var failures = last.Messages.Concat(lost).OfType<TaskFailed>().Select(static failed => failed.TaskId).ToHashSet();
        if (failures.Count > 0 && replays(thorough)) standing = thorough;
        else failures = [.. last.Messages.OfType<TaskFailed>().Select(static failed => failed.TaskId)];
        return new Rewound(standing, [.. last.Messages.Where(IsNoFailure), new ExecutionRewound(reason)], failures);
    }

    private static bool IsNoFailure(Message message) => message is not TaskFailed;
}
