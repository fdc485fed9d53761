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
        var (run, gate) = await AskedAsync(harness);
        var gates = harness.Get<IGateStore>();
        var question = (await gates.GetAsync(gate, default))!;
        Assert.Equal((GateKind.Question, GateStatus.Pending, "ann"), (question.Kind, question.Status, question.AskedBy));

        var answer = new GateAnswer("1", "bob", Artifacts.Content.Inline("by hand"), harness.Time.GetUtcNow());
        await gates.UpdateAsync(gate, new Change<GateRecord>(asked => asked with { Status = GateStatus.Answered, Answer = answer }), default);
        await harness.Get<Keeper>().PassAsync(default);

        Assert.Equal(WorkStatus.Completed, (await harness.EndAsync(run.Id)).Status);
        Assert.Equal("by hand", await harness.ResultAsync(run.Id, "task"));
        Assert.True((await gates.GetAsync(gate, default))!.Acknowledged);
    }

    [Fact]
    public async Task Result_RunCancelled_ClosesTheQuestion()
    {
        await using var harness = await RunHarness.StartAsync(static agents => agents.On("x", static _ => new AgentTurnResult { Outcome = TurnOutcome.NeedsPerson }));
        var (run, gate) = await AskedAsync(harness);
        await harness.Get<RunControl>().CancelAsync(run.Id, null, RunHarness.Ann, default);
        await harness.EndAsync(run.Id);
        var late = await harness.Get<GateAnswers>().AnswerAsync(gate, JsonSerializer.SerializeToElement("late"), RunHarness.Ann, default);
        Assert.Equal((QuestionOutcome.Closed, GateStatus.Cancelled), (late.Outcome, late.Gate!.Status));
    }

    private static async Task<(RunRecord Run, string Gate)> AskedAsync(RunHarness harness)
    {
        var run = await harness.LaunchAsync(new TaskLaunch { Agent = "x", Prompt = "p" });
        await harness.UntilTaskAsync(run.Id, "task", static task => task.RequiresImplementation);
        return (run, $"{run.Id}:task.result");
    }
}
