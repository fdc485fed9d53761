using Troupe.Durable;
using Troupe.Engine.Replay;
using static Troupe.Engine.Tests.Replay.Script;

namespace Troupe.Engine.Tests.Replay;

public sealed class RewinderTests
{
    private static readonly FailureDetails Broken = new("E", "broken");
    private static readonly ExecutionCompleted End = new(OrchestrationRuntimeStatus.Failed, null, Broken);

    private static readonly Step[] FanOut =
    [
        new(Start, [new ExecutionStarted(null)], [Activity(1, "A", null), Activity(2, "A", null), Activity(3, "A", null)]),
        new(Start, [new TaskFailed(1, Broken)], []),
        new(Start, [new TaskCompleted(2, "2"), new TaskFailed(3, Broken)], [End]),
    ];

    [Fact]
    public void Rewind_FailuresThatLedToNoDecision_AllRunAgain()
    {
        var rewound = Rewinder.Rewind(FanOut, "why", _ => true);

        Assert.Equal([1, 3], rewound.Open().Activities.Keys.Order());
        Assert.Equal(2, rewound.History.Count);
        Assert.Empty(rewound.History[1].Messages);
        Assert.Equal("why", Assert.IsType<ExecutionRewound>(rewound.Carried[0]).Reason);
        Assert.Equal([new TaskCompleted(2, "2")], rewound.Carried.Skip(1));
    }

    [Fact]
    public void Rewind_CodeDisagreesWithoutTheEarlierFailure_OnlyTheLastRunsAgain()
    {
        var rewound = Rewinder.Rewind(FanOut, "why", _ => false);

        Assert.Equal([3], rewound.Open().Activities.Keys);
        Assert.Equal([new TaskFailed(1, Broken)], rewound.History[1].Messages);
    }

    [Fact]
    public void Rewind_FailureTheCodeDealtWith_Stays()
    {
        Step[] history =
        [
            new(Start, [new ExecutionStarted(null)], [Activity(1, "A", null)]),
            new(Start, [new TaskFailed(1, Broken)], [Activity(2, "B", null)]),
            new(Start, [new TaskFailed(2, Broken)], [End]),
        ];

        var rewound = Rewinder.Rewind(history, "why", _ => true);

        Assert.Equal([2], rewound.Open().Activities.Keys);
        Assert.Equal(history[..2], rewound.History);
    }

    [Fact]
    public void Rewind_StepThatSent_TellsWhatItSentButNotWhatWasSentBeforeIt()
    {
        Step[] history =
        [
            new(
                Start,
                [new ExecutionRewound("first") { Sent = [Told("1")] }, new ExecutionStarted(null)],
                [Told("1") with { WasSentBefore = true }, Told("2"), End]),
        ];

        var rewound = Rewinder.Rewind(history, "why", _ => true);

        Assert.Equal([Told("2")], Assert.IsType<ExecutionRewound>(rewound.Carried[0]).Sent);
        Assert.Equal([.. history[0].Messages], rewound.Carried.Skip(1));
    }

    private static EventSent Told(string payload) => new("other", "told", payload);
}
