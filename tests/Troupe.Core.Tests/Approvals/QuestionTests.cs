using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Approvals;

public sealed class QuestionTests
{
    [Fact]
    public async Task AskHuman_Answered_IsTheToolsResultInTheNextTurn()
    {
        await using var harness = await StartAsync("""{"question":"Which colour?","choices":["red","blue"]}""");
        var (run, gate) = await AskedAsync(harness);
        var task = await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Waiting);
        Assert.Equal("waiting for an answer: Which colour?", task.CurrentStep);
        harness.Time.Advance(TimeSpan.FromDays(30));
        var answers = harness.Get<GateAnswers>();
        var wrong = await answers.AnswerAsync(gate, JsonSerializer.SerializeToElement("green"), RunHarness.Ann, default);
        Assert.Equal((QuestionOutcome.Invalid, "The answer must be one of 'red', 'blue'."), (wrong.Outcome, wrong.Problem!.Message));
        Assert.Equal(QuestionOutcome.Answered, (await answers.AnswerTaskAsync(task, null, JsonSerializer.SerializeToElement("blue"), RunHarness.Ann, default)).Outcome);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("they said blue", await harness.ResultAsync(run.Id, "task"));
        Assert.Equal(QuestionOutcome.Repeated, (await answers.AnswerTaskAsync(task, null, JsonSerializer.SerializeToElement("blue"), RunHarness.Ann, default)).Outcome);
        var late = await answers.AnswerAsync(gate, JsonSerializer.SerializeToElement("red"), new Caller("bob"), default);
        Assert.Equal((QuestionOutcome.Closed, "ann"), (late.Outcome, late.Gate!.ClosedBy));
        Assert.Contains(EventTypes.QuestionAsked, await harness.EventTypesAsync(run.Id));
        Assert.Contains(EventTypes.QuestionAnswered, await harness.EventTypesAsync(run.Id));
    }

    [Fact]
    public async Task AskHuman_JsonBySchema_NamesThePlace()
    {
        await using var harness = await StartAsync("""{"question":"How many?","schema":{"type":"object","required":["rooms"],"properties":{"rooms":{"type":"array","items":{"type":"integer"}}}}}""");
        var (run, gate) = await AskedAsync(harness);
        var answers = harness.Get<GateAnswers>();
        var wrong = await answers.AnswerAsync(gate, JsonElement.Parse("""{"rooms":[1,"two"]}"""), RunHarness.Ann, default);
        Assert.Equal((QuestionOutcome.Invalid, "/rooms/1"), (wrong.Outcome, wrong.Problem!.Pointer));
        Assert.Equal(string.Empty, (await answers.AnswerAsync(gate, JsonElement.Parse("{}"), RunHarness.Ann, default)).Problem!.Pointer);
        await answers.AnswerAsync(gate, JsonElement.Parse("""{"rooms":[1,2]}"""), RunHarness.Ann, default);
        await harness.EndAsync(run.Id);
        Assert.Equal("""they said {"rooms":[1,2]}""", await harness.ResultAsync(run.Id, "task"));
    }

    [Fact]
    public async Task AskHuman_ManyAnswersAtTheSameInstant_TheFirstStays()
    {
        await using var harness = await StartAsync("""{"question":"Who?"}""");
        var (run, gate) = await AskedAsync(harness);
        var answers = harness.Get<GateAnswers>();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => answers.AnswerAsync(gate, JsonSerializer.SerializeToElement($"answer {n}"), new Caller($"user-{n}"), default))));
        var winner = Assert.Single(results, static result => result.Outcome == QuestionOutcome.Answered).Gate!.ClosedBy;
        Assert.All(results.Where(static result => result.Outcome != QuestionOutcome.Answered), result => Assert.Equal((QuestionOutcome.Closed, winner), (result.Outcome, result.Gate!.ClosedBy)));
        await harness.EndAsync(run.Id);
        Assert.Equal($"they said answer {winner!["user-".Length..]}", await harness.ResultAsync(run.Id, "task"));
    }

    [Fact]
    public async Task AskHuman_NobodyAnswersInTime_TheAgentIsTold()
    {
        await using var harness = await StartAsync("""{"question":"Who?","timeout":"2h"}""");
        var (run, gate) = await AskedAsync(harness);
        await harness.TimerAsync(gate);
        harness.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.StartsWith("they said Nobody answered in time.", await harness.ResultAsync(run.Id, "task"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskHuman_RunCancelled_ClosesTheQuestion()
    {
        await using var harness = await StartAsync("""{"question":"Who?"}""");
        var (run, gate) = await AskedAsync(harness);
        await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Waiting);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, default);
        Assert.Equal(WorkStatus.Cancelled, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal(GateStatus.Cancelled, (await harness.Get<IGateStore>().GetAsync(gate, default))!.Status);
        Assert.Equal(QuestionOutcome.Closed, (await harness.Get<GateAnswers>().AnswerAsync(gate, JsonSerializer.SerializeToElement("late"), RunHarness.Ann, default)).Outcome);
    }

    [Fact]
    public async Task AskHuman_TwoAtOnce_TheAnswerMustSayWhich()
    {
        await using var harness = await StartAsync("""{"question":"One?"}""", """{"question":"Two?"}""");
        var (run, _) = await AskedAsync(harness);
        var task = await harness.UntilTaskAsync(run.Id, "task", static task => task.Status == WorkStatus.Waiting);
        var answers = harness.Get<GateAnswers>();
        Assert.Equal(QuestionOutcome.Ambiguous, (await answers.AnswerTaskAsync(task, null, JsonSerializer.SerializeToElement("x"), RunHarness.Ann, default)).Outcome);
        var open = await answers.OpenAsync(task, default);
        Assert.Equal(["One?", "Two?"], open.Select(static one => one.Title).Order(StringComparer.Ordinal));
        Assert.Equal(QuestionOutcome.NotFound, (await answers.AnswerTaskAsync(task, "another", JsonSerializer.SerializeToElement("x"), RunHarness.Ann, default)).Outcome);
        await answers.AnswerTaskAsync(task, open.Single(static one => one.Title == "Two?").Id, JsonSerializer.SerializeToElement("second"), RunHarness.Ann, default);
        await answers.AnswerTaskAsync(task, null, JsonSerializer.SerializeToElement("first"), RunHarness.Ann, default);
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("they said first, second", await harness.ResultAsync(run.Id, "task"));
    }

    [Theory]
    [InlineData("{}", "'question'")]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"question":"?","choices":["one"]}""", "'choices'")]
    [InlineData("""{"question":"?","choices":["a","b"],"schema":{}}""", "either")]
    [InlineData("""{"question":"?","schema":"text"}""", "'schema'")]
    [InlineData("""{"question":"?","timeout":"soon"}""", "'timeout'")]
    public async Task AskHuman_WrongCall_IsToldToTheModelAndAsksNobody(string arguments, string words)
    {
        await using var harness = await StartAsync(arguments);
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        var result = await harness.ResultAsync(run.Id, "task");
        Assert.StartsWith("they said Error:", result, StringComparison.Ordinal);
        Assert.Contains(words, result, StringComparison.Ordinal);
        Assert.Empty((await harness.Get<IGateStore>().ListAsync(new GateQuery(), default)).Items);
    }

    private static Task<RunHarness> StartAsync(params string[] calls) => RunHarness.StartAsync(agents => agents.On("x", request => request.Turn == 1
        ? new AgentTurnResult { Outcome = TurnOutcome.ToolCalls, ToolCalls = [.. calls.Select(static (arguments, n) => new AgentToolCall($"c{n}", "ask_human", arguments))] }
        : ScriptedAgents.Answer($"they said {string.Join(", ", request.Messages.Where(static message => message.Role == MessageRole.Tool).Select(static message => message.Text))}")));

    private static async Task<(RunRecord Run, string Gate)> AskedAsync(RunHarness harness)
    {
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        var gate = $"{run.Id}:task.q1-1-0";
        await harness.Client.WaitForGateAsync(harness.Get<IGateStore>(), gate);
        return (run, gate);
    }
}
