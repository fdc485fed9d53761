using Troupe.Durable;
using Troupe.Engine.Replay;
using static Troupe.Engine.Tests.Replay.Script;

namespace Troupe.Engine.Tests.Replay;

public sealed class OrchestrationMachineTests
{
    private static readonly FailureDetails Broken = new("System.IO.InvalidDataException", "broken");

    [Fact]
    public void Chain_EvictedAfterEachStep_DecidesTheSame() =>
        Script.Of<int, int>(async (context, n) =>
            {
                n = await context.CallActivityAsync<int>("A", n);
                return await context.CallActivityAsync<int>("B", n);
            })
            .Step([new ExecutionStarted("1")], Activity(1, "A", "1"))
            .Evict()
            .Step([new TaskCompleted(1, "2")], Activity(2, "B", "2"))
            .Evict()
            .Step([new TaskCompleted(2, "3")], Completed("3"));

    [Fact]
    public void FanIn_ManyCompletionsInOneStep_DecidesOnceAllAreIn() =>
        Script.Of<int, int>(async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallActivityAsync<int>("A", i)))).Sum())
            .Step([new ExecutionStarted("3")], Activity(1, "A", "1"), Activity(2, "A", "2"), Activity(3, "A", "3"))
            .Step([new TaskCompleted(3, "30"), new TaskCompleted(1, "10")])
            .Evict()
            .Step([new TaskCompleted(2, "20")], Completed("60"));

    [Fact]
    public void Completion_ThatComesTwice_IsTakenOnce() =>
        Script.Of<int, int>(async (context, n) => await context.CallActivityAsync<int>("A", n) + await context.CallActivityAsync<int>("B", n))
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"))
            .Step([new TaskCompleted(1, "1"), new TaskCompleted(1, "5")], Activity(2, "B", "0"))
            .Step([new TaskCompleted(2, "2"), new TaskCompleted(7, "9")], Completed("3"));

    [Fact]
    public void WhenAny_TheFirstMessageWins_AndTheLoserHoldsTheEnd() =>
        Script.Of<int, string>(async (context, _) =>
            {
                var a = context.CallActivityAsync<string>("A");
                var b = context.CallActivityAsync<string>("B");
                return await await Task.WhenAny(a, b);
            })
            .Step([new ExecutionStarted(null)], Activity(1, "A", null), Activity(2, "B", null))
            .Step([new TaskCompleted(2, "\"b\"")])
            .Evict()
            .Step([new TaskCompleted(1, "\"a\"")], Completed("\"b\""));

    [Fact]
    public void Retry_AfterAFailure_WaitsByADurableTimer() =>
        Script.Of<int, int>((context, n) => context.CallActivityAsync<int>("A", n, new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(5)))))
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"))
            .Step([new TaskFailed(1, Broken)], new TimerCreated(2, Start.AddSeconds(6)))
            .Evict()
            .Step([new TimerFired(2)], Activity(3, "A", "0"))
            .Step([new TaskCompleted(3, "4")], Completed("4"));

    [Fact]
    public void Timer_Cancelled_IsADecision() =>
        Script.Of<int, string>((context, _) => context.WaitForExternalEvent<string>("go", TimeSpan.FromMinutes(1)))
            .Step([new ExecutionStarted(null)], new TimerCreated(1, Start.AddMinutes(1)))
            .Evict()
            .Step([new EventRaised("GO", "\"x\"")], new TimerCancelled(1), Completed("\"x\""));

    [Fact]
    public void Events_BeforeTheyAreAwaited_AreKeptInOrder() =>
        Script.Of<int, string>(async (context, _) =>
            {
                await context.CallActivityAsync("A");
                return await context.WaitForExternalEvent<string>("e") + await context.WaitForExternalEvent<string>("e");
            })
            .Step([new ExecutionStarted(null), new EventRaised("e", "\"1\""), new EventRaised("other", null)], Activity(1, "A", null))
            .Step([new EventRaised("E", "\"2\"")])
            .Evict()
            .Step([new TaskCompleted(1, null)], Completed("\"12\""));

    [Fact]
    public void Suspended_MessagesAreHeld_UntilItIsResumed()
    {
        var script = Script.Of<int, int>((context, n) => context.CallActivityAsync<int>("A", n))
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"))
            .Step([new ExecutionSuspended(null), new TaskCompleted(1, "8")])
            .Evict();
        Assert.True(script.Machine.IsSuspended);
        script.Step([new ExecutionResumed(null)], Completed("8"));
    }

    [Fact]
    public void KeptEvents_KeptAndHeldAndReceived_AreCountedToTheByte()
    {
        var script = Script.Of<int, int>(async (context, n) =>
                await context.CallActivityAsync<int>("A", n) + await context.WaitForExternalEvent<int>("go"))
            .Step([new ExecutionStarted("0"), new EventRaised("go", "1")], Activity(1, "A", "0"))
            .Step([new EventRaised("é", "\"ü\""), new ExecutionSuspended(null), new EventRaised("held", null), new TaskCompleted(1, "8")]);
        Assert.Equal(new EventVolume(3, 3 + 6 + 4), script.Machine.KeptEvents);
        Assert.Equal(new EventVolume(3, 3 + 6 + 4), script.Evict().Machine.KeptEvents);

        script.Step([new ExecutionResumed(null)], Completed("9"));

        Assert.Equal(new EventVolume(2, 6 + 4), script.Machine.KeptEvents);
    }

    [Fact]
    public void ContinueAsNew_CarriesTheEventsNobodyReceived()
    {
        var script = Script.Of<int, int>((context, n) =>
        {
            context.ContinueAsNew(n + 1);
            return context.CallActivityAsync<int>("A", n);
        }).Step([new ExecutionStarted("1"), new EventRaised("late", "7")], Activity(1, "A", "1"));

        var decision = Assert.IsType<ContinuedAsNew>(Assert.Single(script.Machine.Take(Start, [new TaskCompleted(1, "0"), new EventRaised("later", null)])));

        Assert.Equal("2", decision.Input);
        Assert.Equal([new EventRaised("late", "7"), new EventRaised("later", null)], decision.Carried);
    }

    [Fact]
    public void CurrentUtcDateTime_IsTheStepsTime() =>
        Script.Of<int, string>(async (context, _) =>
            {
                var first = context.CurrentUtcDateTime;
                await context.CallActivityAsync("A");
                return $"{(context.CurrentUtcDateTime - first).TotalSeconds} {context.IsReplaying}";
            })
            .Step([new ExecutionStarted(null)], Activity(1, "A", null))
            .Evict()
            .Step([new TaskCompleted(1, null)], Completed("\"1 False\""));

    [Fact]
    public void Replay_OfOtherCode_NamesIndexRecordedAndAttempted()
    {
        var history = Script.Of<int, int>(async (context, n) =>
            {
                await context.CallActivityAsync("A", n);
                return await context.CallActivityAsync<int>("B", n);
            })
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"))
            .Step([new TaskCompleted(1, null)], Activity(2, "B", "0")).History;
        var changed = Create<int, int>(async (context, n) =>
        {
            await context.CallActivityAsync("A", n);
            await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return n;
        });

        var error = Assert.Throws<NonDeterminismException>(() => changed.Replay(history));

        Assert.Contains("decision 1 (step 1): recorded was activity 'B' (#2), but the code attempted timer due", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_OfCodeThatDecidesLess_IsAMismatch()
    {
        var history = Script.Of<int, int>((context, n) => context.CallActivityAsync<int>("A", n)).Step([new ExecutionStarted("0")], Activity(1, "A", "0")).History;
        var changed = Create<int, int>((context, _) => context.WaitForExternalEvent<int>("e"));

        Assert.Contains("attempted nothing", Assert.Throws<NonDeterminismException>(() => changed.Replay(history)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_WithAChangedInput_StandsByWhatWasRecorded()
    {
        var history = Script.Of<int, int>((context, n) => context.CallActivityAsync<int>("A", n)).Step([new ExecutionStarted("0")], Activity(1, "A", "0")).History;
        var changed = Create<int, int>((context, n) => context.CallActivityAsync<int>("A", n + 100));

        changed.Replay(history);

        Assert.Equal("0", changed.Open.Activities[1].Input);
    }

    [Fact]
    public void Await_OfNothingDurable_IsNamed()
    {
        var machine = Create<int, int>((_, _) => new TaskCompletionSource<int>().Task);

        Assert.Contains("nothing durable", Assert.Throws<IllegalAwaitException>(() => machine.Take(Start, [new ExecutionStarted(null)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CancelAsync_ThatEndsATimer_IsNamed()
    {
        var machine = Create<int, int>(async (context, n) =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
            await stop.CancelAsync();
            await timer;
            return n;
        });
        using var seen = new ManualResetEventSlim();
        machine.OnIllegalAwait = seen.Set;

        var error = Record.Exception(() => machine.Take(Start, [new ExecutionStarted(null)]));

        Assert.True(error is IllegalAwaitException || seen.Wait(TimeSpan.FromSeconds(30)) || machine.HasGoneAstray);
        Assert.Throws<IllegalAwaitException>(() => machine.Take(Start, []));
    }

    [Fact]
    public void SetCustomStatus_TooLarge_ThrowsInTheOrchestrator()
    {
        var script = Script.Of<int, string>((context, _) =>
        {
            try
            {
                context.SetCustomStatus(new string('x', 8_191));
                return Task.FromResult("accepted");
            }
            catch (ArgumentException exception)
            {
                return Task.FromResult(exception.Message[..30]);
            }
        });

        script.Step([new ExecutionStarted(null)], Completed("\"The custom status takes 16,386\""));
    }

    [Fact]
    public void Payload_ThatDoesNotFit_FailsTheAwait()
    {
        var script = Script.Of<int, int>((context, n) => context.CallActivityAsync<int>("A", n))
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"));

        var end = Assert.IsType<ExecutionCompleted>(Assert.Single(script.Machine.Take(Start, [new TaskCompleted(1, "\"text\"")])));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.Status);
        Assert.Contains("System.Int32", end.Failure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Send_WhatAStepTakenBackHadSent_IsMarkedOnceForEachUntilTheStepIsTakenAgain()
    {
        var told = new EventSent("other", "told", "1");
        Script.Of<int, int>(async (context, n) =>
            {
                var (one, two) = (context.CallActivityAsync<int>("A", n), context.CallActivityAsync<int>("A", n));
                await one;
                context.SendEvent("other", "TOLD", 1);
                context.SendEvent("other", "told", 2);
                await two;
                context.SendEvent("other", "told", 1);
                context.SendEvent("other", "told", 1);
                await context.CallActivityAsync<int>("A", n);
                context.SendEvent("other", "told", 1);
                return n;
            })
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"), Activity(2, "A", "0"))
            .Step([new ExecutionRewound("why") { Sent = [told, told, told with { Payload = "3" }] }])
            .Evict()
            .Step([new TaskCompleted(1, "0")], told with { Name = "TOLD", WasSentBefore = true }, told with { Payload = "2" })
            .Evict()
            .Step([new TaskCompleted(2, "0")], told with { WasSentBefore = true }, told, Activity(3, "A", "0"))
            .Evict()
            .Step([new TaskCompleted(3, "0")], told, Completed("0"));
    }

    [Fact]
    public void Send_LikeWhatAStepTakenBackHadSentButLater_IsSent()
    {
        var failed = new EventSent("other", "failed", null);
        var script = Script.Of<int, int>(static async (context, n) =>
            {
                await CallAsync(context, n);
                return await CallAsync(context, n);
            })
            .Step([new ExecutionStarted("0")], Activity(1, "A", "0"))
            .Step([new ExecutionRewound("why") { Sent = [failed] }])
            .Evict()
            .Step([new TaskCompleted(1, "0")], Activity(2, "A", "0"))
            .Evict();

        var decisions = script.Machine.Take(Start.AddSeconds(3), [new TaskFailed(2, Broken)]);

        Assert.Equal(failed, decisions[0]);

        static async Task<int> CallAsync(OrchestrationContext context, int n)
        {
            try
            {
                return await context.CallActivityAsync<int>("A", n);
            }
            catch (TaskFailedException)
            {
                context.SendEvent("other", "failed");
                throw;
            }
        }
    }
}
