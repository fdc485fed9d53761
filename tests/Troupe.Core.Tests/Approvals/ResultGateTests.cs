using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Approvals;
using Troupe.Core.Launching;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Tests.Support;

namespace Troupe.Core.Tests.Approvals;

public sealed class ResultGateTests
{
    [Fact]
    public async Task Result_RowAnsweredAndNothingElseBeforeACrash_IsDeliveredByTheKeeper()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.UntilTaskAsync(run.Id, "task", static task => task.RequiresImplementation);
        var gates = harness.Get<IGateStore>();
        var question = (await gates.GetAsync($"{run.Id}:task.result", default))!;
        Assert.Equal((GateKind.Question, GateStatus.Pending, "ann"), (question.Kind, question.Status, question.AskedBy));

        var answer = new GateAnswer("1", "bob", Artifacts.Content.Inline("by hand"), harness.Time.GetUtcNow());
        await gates.UpdateAsync(question.Id, new Change<GateRecord>(gate => gate with { Status = GateStatus.Answered, Answer = answer }), default);
        await harness.Get<Keeper>().PassAsync(default);

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("by hand", await harness.ResultAsync(run.Id, "task"));
        Assert.True((await gates.GetAsync(question.Id, default))!.Acknowledged);
    }

    [Fact]
    public async Task Result_RunCancelled_ClosesTheQuestion()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.UntilTaskAsync(run.Id, "task", static task => task.RequiresImplementation);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, default);
        await harness.EndAsync(run.Id);
        var late = await harness.Get<GateAnswers>().AnswerAsync($"{run.Id}:task.result", JsonSerializer.SerializeToElement("late"), RunHarness.Ann, default);
        Assert.Equal((QuestionOutcome.Closed, GateStatus.Cancelled), (late.Outcome, late.Gate!.Status));
    }
}
