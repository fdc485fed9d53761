using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Recovery;

/// <summary>What a commit is good for. A suite that claims to have tried every kind checks that it met each of these.</summary>
internal static class CommitKinds
{
    public static readonly IReadOnlyList<string> All =
    [
        "start", "event", "suspend", "resume", "terminate", "restart", "rewind", "purge", "block", "step", "activity start",
        "activity completion", "timer start", "timer firing", "continue as new", "child start", "child completion", "event sent", "suspension",
        "resumption", "termination", "end",
    ];

    public static IEnumerable<string> Of(StepCommit commit)
    {
        yield return "step";
        var (before, after, step) = (commit.Before, commit.After, commit.Step);
        if (step.Decisions.Any(static decision => decision is ActivityScheduled)) yield return "activity start";
        if (step.Messages.Any(static message => message is TaskCompleted) && before.OpenActivities > after.OpenActivities) yield return "activity completion";
        if (step.Decisions.Any(static decision => decision is TimerCreated)) yield return "timer start";
        if (step.Messages.Any(static message => message is TimerFired)) yield return "timer firing";
        if (commit.StartsNextExecution) yield return "continue as new";
        if (commit.Children.Count > 0) yield return "child start";
        if (step.Decisions.Any(static decision => decision is EventSent)) yield return "event sent";
        if (step.Messages.Any(static message => message is ExecutionSuspended)) yield return "suspension";
        if (step.Messages.Any(static message => message is ExecutionResumed)) yield return "resumption";
        if (step.Messages.Any(static message => message is ExecutionTerminated)) yield return "termination";
        if (after.IsFinished) yield return before.Parent is null ? "end" : "child completion";
    }

    public static string Of(Message message) => message switch
    {
        EventRaised => "event",
        ExecutionSuspended => "suspend",
        ExecutionResumed => "resume",
        ExecutionTerminated => "terminate",
        _ => "activity completion",
    };
}
