using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;

namespace Troupe.Core.Tests.Planning;

public sealed class PlanEstimateTests
{
    private static readonly Dictionary<string, TimeSpan> Medians = new(StringComparer.Ordinal)
    {
        ["fast"] = TimeSpan.FromSeconds(1),
        ["slow"] = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void Of_Branches_IsTheLongestChain()
    {
        var estimate = Estimate(10, Task("a", "fast"), Task("b", "slow", "a"), Task("c", "fast", "a"), Task("d", "fast", "b", "c"));
        Assert.Equal(TimeSpan.FromSeconds(12), estimate.Duration);
        Assert.Equal(["a", "b", "d"], estimate.CriticalPath);
        Assert.Equal(4, estimate.Tasks);
    }

    [Fact]
    public void Of_MoreWorkThanMayGoOnAtOnce_IsTheWorkShared() =>
        Assert.Equal(TimeSpan.FromSeconds(15), Estimate(2, Task("a", "slow"), Task("b", "slow"), Task("c", "slow")).Duration);

    [Fact]
    public void Of_PhasesDelaysAndGates_CountsDelaysAndPassesGatesOver()
    {
        var estimate = Estimate(
            10,
            Task("a", "slow"),
            new PlanNode { Key = "b.delay", Kind = PlanNodeKind.Delay, Phase = "two", Title = "Wait", Delay = TimeSpan.FromHours(1), AfterPhases = ["one"] },
            new PlanNode { Key = "b.gate", Kind = PlanNodeKind.Gate, Phase = "two", Title = "OK?", Needs = ["b.delay"] },
            Task("b", "fast", "b.gate") with { Phase = "two" });
        Assert.Equal(TimeSpan.FromSeconds(3611), estimate.Duration);
        Assert.Equal(["a", "b.delay", "b"], estimate.CriticalPath);
    }

    [Fact]
    public void Of_AgentWithoutHistory_HasNoDurationButNamesIt()
    {
        var estimate = Estimate(10, Task("a", "fast"), Task("b", "new"));
        Assert.Null(estimate.Duration);
        Assert.Equal(["new"], estimate.UnknownAgents);
    }

    private static PlanEstimate Estimate(int maxConcurrency, params PlanNode[] nodes)
    {
        var agents = nodes.Where(node => node.Task is not null).Select(node => node.Task!.Agent).Distinct(StringComparer.Ordinal);
        var plan = new Plan
        {
            Name = "estimated",
            Phases = [new PlanPhase("one", "One", 0.5, []), new PlanPhase("two", "Two", 0.5, ["one"])],
            Nodes = nodes,
            Agents = agents.ToDictionary(name => name, name => new AgentDefinition { Name = name, SystemPrompt = "x", Version = "1" }, StringComparer.Ordinal),
        };
        return PlanEstimate.Of(plan, Medians, new RunOptions { MaxConcurrency = maxConcurrency });
    }

    private static PlanNode Task(string key, string agent, params string[] needs) => new()
    {
        Key = key,
        Kind = PlanNodeKind.Task,
        Phase = "one",
        Title = key,
        Needs = needs,
        Task = new TaskPlan { Agent = agent, Prompt = Content.Inline("x"), Options = new RunOptions() },
    };
}
