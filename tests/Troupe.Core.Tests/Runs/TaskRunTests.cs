using Troupe.Core.Agents;
using Troupe.Core.Concurrency;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Runs;

public sealed class TaskRunTests
{
    private const string Key = "task";

    [Fact]
    public async Task Task_FailsTwice_RetriesAtTheTimeItNames()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("x", static request => request.Attempt <= 2 ? ScriptedAgents.Transient() : ScriptedAgents.Answer("third time")));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var retrying = await harness.UntilTaskAsync(run.Id, Key, task => task.Status == WorkStatus.Retrying && task.Attempt == attempt);
            Assert.Equal("busy", retrying.Error!.Message);
            var wait = retrying.NextRetryAt!.Value - harness.Time.GetUtcNow();
            Assert.InRange(wait.TotalSeconds, 0.7 * attempt, 2.5 * attempt);
            harness.Time.Advance(wait);
        }

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        var task = await harness.UntilTaskAsync(run.Id, Key, static task => task.Status == WorkStatus.Completed);
        Assert.Equal(3, task.Attempt);
        Assert.Null(task.Error);
        Assert.Null(task.NextRetryAt);
        Assert.Equal("third time", await harness.ResultAsync(run.Id, Key));
    }

    [Fact]
    public async Task Task_PermanentFailure_IsNotRetried()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("x", static _ => AgentTurnResult.Fail(new Failure(FailureKinds.BadRequest, "no"))));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        Assert.Equal(WorkStatus.Failed, (await harness.EndAsync(run.Id)).Status);
        Assert.Single(harness.Agents.Calls);
    }

    [Fact]
    public async Task Task_AgentThrows_IsABugThatIsRetried()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("x", static _ => throw new InvalidOperationException("boom")));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { MaxRetries = 0 } });
        var ended = await harness.EndAsync(run.Id);
        Assert.Contains("boom", ended.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKinds.Internal, ended.Error.Kind);
    }

    [Fact]
    public async Task Task_TimesOut_IsCancelledAndSaysSo()
    {
        var cancelled = new TaskCompletionSource();
        await using var harness = await RunHarness.StartAsync(agents => agents.On("x", async (_, cancellation) =>
        {
            using var registration = cancellation.Register(cancelled.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return ScriptedAgents.Answer("never");
        }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { Timeout = TimeSpan.FromSeconds(5), MaxRetries = 0 } });
        await harness.UntilTaskAsync(run.Id, Key, static task => task.Status == WorkStatus.Running);
        await harness.CallsAsync(1);
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(FailureKinds.TimedOut, (await harness.EndAsync(run.Id)).Error!.Kind);
    }

    [Fact]
    public async Task Task_ToolCalls_AreCarriedOutAndAnswered()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static request => request.Turn == 1
            ? new AgentTurnResult
            {
                Outcome = TurnOutcome.ToolCalls,
                ToolCalls =
                [
                    new AgentToolCall("1", ToolBox.SaveArtifact, """{"path":"out/report.md","content":"# Hi"}"""),
                    new AgentToolCall("2", ToolBox.SaveArtifact, """{"path":"../../etc/passwd","content":"x"}"""),
                    new AgentToolCall("3", "rm_rf", "{}"),
                    new AgentToolCall("4", ToolBox.ReportProgress, "not json"),
                ],
            }
            : ScriptedAgents.Answer(string.Join('|', request.Messages.Where(static message => message.Role == MessageRole.Tool).Select(static message => message.Text)))));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        var answers = (await harness.ResultAsync(run.Id, Key)).Split('|');
        Assert.StartsWith("Saved out/report.md", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("Error: 'path'", answers[1], StringComparison.Ordinal);
        Assert.StartsWith("Error: there is no tool 'rm_rf'", answers[2], StringComparison.Ordinal);
        Assert.StartsWith("Error: the arguments are not JSON", answers[3], StringComparison.Ordinal);
        var task = Assert.Single(await harness.TasksAsync(run.Id));
        Assert.Equal("out/report.md", Assert.Single(task.FilesCreated).Path);
        Assert.Equal(ResultType.File, task.ResultType);
    }

    [Fact]
    public async Task Task_NeedsAPerson_WaitsAndTakesTheResult()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("x", static request => request.Attempt == 1
                ? ScriptedAgents.Transient()
                : new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson, FallbackReason = "missing_api_key", Usage = new Usage(3, 2, 0.01m) }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.TimerAsync($"{run.Id}:{Key}");
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        var waiting = await harness.UntilTaskAsync(run.Id, Key, static task => task.RequiresImplementation);
        Assert.Equal(WorkStatus.Waiting, waiting.Status);
        var answers = harness.Get<TaskAnswers>();
        Assert.Equal(AnswerOutcome.NotJson, await answers.SupplyResultAsync(waiting.Id, "{", ResultType.Json, RunHarness.Ann, CancellationToken.None));
        Assert.Equal(AnswerOutcome.Accepted, await answers.SupplyResultAsync(waiting.Id, "by hand", ResultType.Summary, RunHarness.Ann, CancellationToken.None));
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        var task = Assert.Single(await harness.TasksAsync(run.Id));
        Assert.Equal((2, new Usage(3, 2, 0.01m)), (task.Attempt, task.Usage));
        Assert.Equal("by hand", await harness.ResultAsync(run.Id, Key));
        Assert.Equal(AnswerOutcome.NotWaiting, await answers.SupplyResultAsync(waiting.Id, "late", ResultType.Summary, RunHarness.Ann, CancellationToken.None));
        Assert.Equal(AnswerOutcome.NotFound, await answers.SupplyResultAsync("no:task", "x", ResultType.Summary, RunHarness.Ann, CancellationToken.None));
    }

    [Fact]
    public async Task Task_OnFailureAsk_RetriesWhenAPersonSaysSo()
    {
        await using var harness = await RunHarness.StartAsync(static agents =>
            agents.On("x", static request => request.Attempt == 1 ? ScriptedAgents.Transient() : ScriptedAgents.Answer("ok")));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { MaxRetries = 0, OnFailure = OnFailure.Ask } });
        await harness.UntilTaskAsync(run.Id, Key, static task => task.Status == WorkStatus.Waiting);
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), $"{run.Id}:task.ask1");
        Assert.Equal(DecisionOutcome.Decided, (await harness.Get<GateDecisions>().DecideAsync($"{run.Id}:task.ask1", true, null, RunHarness.Ann, CancellationToken.None)).Outcome);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(2, harness.Agents.Calls.Count);
    }

    [Fact]
    public async Task Task_CancelledWhileItAsks_IsCancelledNotFailed()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => ScriptedAgents.Transient()));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p", Options = new RunOptions { MaxRetries = 0, OnFailure = OnFailure.Ask } });
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), $"{run.Id}:task.ask1");
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, CancellationToken.None);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(WorkStatus.Cancelled, Assert.Single(await harness.TasksAsync(run.Id)).Status);
    }

    [Fact]
    public async Task Task_LargePromptAndResult_TravelByReference()
    {
        var large = new string('r', 100_000);
        await using var harness = await RunHarness.StartAsync(agents => agents.On("x", _ => ScriptedAgents.Answer(large)));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = new string('p', 50_000) });
        await harness.EndAsync(run.Id);
        Assert.Equal(large, await harness.ResultAsync(run.Id, Key));
        var history = await harness.Client.GetHistoryAsync($"{run.Id}:task");
        Assert.All(history, static told => Assert.True((told.Input?.Length ?? 0) + (told.Result?.Length ?? 0) < 8_192));
    }

    [Fact]
    public async Task Task_LongWaitForAFreePlace_TakesNothingFromItsTimeout()
    {
        using var hold = new SemaphoreSlim(0);
        await using var harness = await RunHarness.StartAsync(
            agents => agents.On("first", async (_, cancellation) =>
            {
                await hold.WaitAsync(cancellation);
                return ScriptedAgents.Answer("at last");
            }),
            static engine => engine.ConcurrencyKeyLimits[ConcurrencyKeys.AgentTurns] = 1);
        var slow = await harness.LaunchAsync(new TaskLaunch { Agent = "first", Prompt = "p", Options = new RunOptions { Timeout = TimeSpan.FromHours(1) } });
        await harness.CallsAsync(1);
        var waits = await harness.LaunchAsync(new TaskLaunch { Agent = "second", Prompt = "p", Options = new RunOptions { Timeout = TimeSpan.FromSeconds(5), MaxRetries = 0 } });
        await harness.UntilTaskAsync(waits.Id, Key, static task => task.Status == WorkStatus.Running);

        harness.Time.Advance(TimeSpan.FromMinutes(1));
        hold.Release();

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(slow.Id)).Status);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(waits.Id)).Status);
    }
}
