using Troupe.Core.Agents;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Tests.Planning;

public sealed class PlanStateTests
{
    private static readonly NodeOutcome Completed = new(WorkStatus.Completed);
    private static readonly NodeOutcome Failed = new(WorkStatus.Failed, new Failure("x", "broken"));

    [Fact]
    public void Advance_Diamond_GivesEachNodeOnceInOrder()
    {
        var state = new PlanState(PlanOf(["p"], "a:p", "b:p:a", "c:p:a", "d:p:c,b"));
        Assert.Equal("a | | p | ", Show(state.Advance()));
        Assert.Equal(" | |  | ", Show(state.Advance()));
        state.Finish("a", Completed);
        Assert.Equal("b,c | |  | ", Show(state.Advance()));
        state.Finish("c", Completed);
        state.Finish("c", Failed);
        state.Finish("nobody", Failed);
        Assert.Equal(" | |  | ", Show(state.Advance()));
        state.Finish("b", Completed);
        Assert.Equal("d | |  | ", Show(state.Advance()));
        state.Finish("d", Completed);
        Assert.Equal(" | |  | p", Show(state.Advance()));
        Assert.True(state.Finished);
    }

    [Fact]
    public void Advance_Failure_SkipsWhatDependsOnItAndNothingElse()
    {
        var state = new PlanState(PlanOf(["p", "q:p", "r"], "a:p", "b:p:a", "c:p", "d:q", "e:q:d", "f:r"));
        Assert.Equal("a,c,f | | p,r | ", Show(state.Advance()));
        state.Finish("a", Failed);
        Assert.Equal(" | b,d,e |  | q", Show(state.Advance()));
        state.Finish("c", Completed);
        Assert.Equal(" | |  | p", Show(state.Advance()));
        Assert.False(state.Finished);
        state.Finish("f", Completed);
        Assert.Equal(" | |  | r", Show(state.Advance()));
        Assert.True(state.Finished);
    }

    [Theory]
    [InlineData(WorkStatus.Skipped, false, false, true)]
    [InlineData(WorkStatus.Skipped, true, false, false)]
    [InlineData(WorkStatus.Failed, true, true, true)]
    [InlineData(WorkStatus.Cancelled, false, false, false)]
    public void Advance_Outcome_DecidesWhetherDependentsStart(WorkStatus status, bool withFailure, bool goesOn, bool starts)
    {
        var state = new PlanState(PlanOf(["p", "q:p"], "a:p", "b:p:a", "c:q"));
        state.Advance();
        state.Finish("a", new NodeOutcome(status, withFailure ? new Failure("x", "y") : null, goesOn));
        Assert.Equal(starts ? "b | |  | " : " | b,c |  | p,q", Show(state.Advance()));
    }

    [Fact]
    public void Advance_NextPhase_WaitsForEveryNodeOfTheOneBefore()
    {
        var state = new PlanState(PlanOf(["p", "q:p", "r:p,q"], "a:p", "b:p", "c:q", "d:r"));
        state.Advance();
        state.Finish("a", Completed);
        Assert.Equal(" | |  | ", Show(state.Advance()));
        state.Finish("b", Completed);
        Assert.Equal("c | | q | p", Show(state.Advance()));
        state.Finish("c", Completed);
        Assert.Equal("d | | r | q", Show(state.Advance()));
    }

    [Fact]
    public void Next_Resumed_KnowsWhatIsStartedAndKeepsGivenOutcomes()
    {
        var plan = PlanOf(["p", "q:p"], "a:p", "b:p:a", "c:p:b", "d:q");
        Dictionary<string, NodeOutcome> finished = new() { ["a"] = Failed, ["b"] = Completed };
        var step = Planner.Next(plan, finished, new HashSet<string> { "a", "b" });
        Assert.Equal("c | d |  | q", Show(step));
        step = Planner.Next(plan, finished, new HashSet<string> { "a", "b", "c" });
        Assert.Equal(" | d |  | q", Show(step));
        finished["c"] = Completed;
        finished["d"] = new NodeOutcome(WorkStatus.Skipped, new Failure("task_failed", "a failed"));
        step = Planner.Next(plan, finished, new HashSet<string> { "a", "b", "c" });
        Assert.Equal(" | |  | p,q", Show(step));
        Assert.True(step.Finished);
    }

    [Fact]
    public void Next_ThousandNodesInAChain_IsLinear()
    {
        var nodes = Enumerable.Range(0, 1000).Select(i => i == 0 ? "n0:p" : $"n{i}:p:n{i - 1}").ToArray();
        var plan = PlanOf(["p"], nodes);
        var step = Planner.Next(plan, new Dictionary<string, NodeOutcome> { ["n0"] = Failed }, new HashSet<string> { "n0" });
        Assert.Equal(999, step.Skipped.Count);
        Assert.True(step.Finished);
    }

    /// <summary>Phases as <c>id:after,after</c>, nodes as <c>key:phase:need,need</c>.</summary>
    internal static Plan PlanOf(string[] phases, params string[] nodes)
    {
        var read = phases.Select(phase => phase.Split(':')).Select(parts => new PlanPhase(parts[0], parts[0], 1d / phases.Length, List(parts, 1))).ToList();
        return new Plan
        {
            Name = "plan",
            Phases = read,
            Nodes = [.. nodes.Select(node => node.Split(':')).Select(parts => new PlanNode
            {
                Key = parts[0], Kind = PlanNodeKind.Task, Phase = parts[1], Title = parts[0], Needs = List(parts, 2),
                AfterPhases = read.Single(phase => phase.Id == parts[1]).After,
            })],
            Agents = new Dictionary<string, AgentDefinition>(),
        };
    }

    private static string[] List(string[] parts, int place) => parts.Length > place && parts[place].Length > 0 ? parts[place].Split(',') : [];

    private static string Show(PlanStep step) =>
        $"{string.Join(',', step.Ready.Select(node => node.Key))} |{(step.Skipped.Count > 0 ? " " : "")}{string.Join(',', step.Skipped.Select(node => node.Key))} | {string.Join(',', step.StartedPhases)} | {string.Join(',', step.FinishedPhases)}";
}
