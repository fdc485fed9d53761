namespace Troupe.Engine.Replay;

/// <summary>What a failed execution becomes when it is rewound.</summary>
/// <param name="History">The steps that stand.</param>
/// <param name="Carried">The messages that it gets again first.</param>
internal sealed record Rewound(IReadOnlyList<Step> History, IReadOnlyList<Message> Carried)
{
    /// <summary>The calls, children and timers that are open once what is carried has been taken: those that failed are among them.</summary>
    public OpenWork Open()
    {
        var open = OpenWork.Of(History);
        foreach (var message in Carried) open.Close(message);
        return open;
    }
}

/// <summary>
/// Takes failures out of a history, so that the calls run again. The last step, which ended the execution, is always taken back. Failures
/// in earlier steps that led to no decision (a fan-out that still waited for its other branches) go too: as many of the latest as the code
/// replays without; a failure that the code dealt with stays.
/// </summary>
/// <remarks>
/// An execution ends only when no call, child or timer of it is open, so the step taken back has begun nothing that goes on. The events that
/// it sent have been received: the execution is told which, and sends none of them again.
/// </remarks>
internal static class Rewinder
{
    /// <param name="history">The whole history of a failed execution.</param>
    /// <param name="reason">Kept in the history.</param>
    /// <param name="replays">Whether the code agrees with a history.</param>
    public static Rewound Rewind(IReadOnlyList<Step> history, string reason, Func<IReadOnlyList<Step>, bool> replays)
    {
        var last = history[^1];
        var standing = history.Take(history.Count - 1).ToList();
        var unheeded = Enumerable.Range(0, standing.Count)
            .Where(index => standing[index].Decisions.Count == 0 && standing[index].Messages.Any(IsFailure)).ToList();
        var lost = unheeded[FirstOfTail(unheeded.Count, first => replays(Without(standing, unheeded[first])))..];
        var sent = last.Decisions.OfType<EventSent>().Where(static sent => !sent.WasSentBefore);
        return new Rewound(
            lost.Count > 0 ? Without(standing, lost[0]) : standing,
            [new ExecutionRewound(reason) { Sent = [.. sent] }, .. last.Messages.Where(static message => !IsFailure(message))]);
    }

    /// <summary>The history without the failures, from that step on, that led to no decision.</summary>
    private static List<Step> Without(List<Step> history, int from) =>
        [.. history.Take(from), .. history.Skip(from).Select(static step => step.Decisions.Count > 0
            ? step
            : step with { Messages = [.. step.Messages.Where(static message => !IsFailure(message))] })];

    /// <summary>Where the longest tail begins that satisfies a condition; every shorter one satisfies it too.</summary>
    private static int FirstOfTail(int count, Func<int, bool> condition)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            // The whole is the likeliest, so it is tried first.
            var middle = low == 0 && high == count ? 0 : (low + high) / 2;
            if (condition(middle)) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private static bool IsFailure(Message message) => message is TaskFailed;
}
