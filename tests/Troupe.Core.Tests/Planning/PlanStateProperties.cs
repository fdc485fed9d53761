using FsCheck;
using FsCheck.Fluent;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Tests.Planning;

/// <summary>What holds for every plan and every order in which nodes end.</summary>
public sealed class PlanStateProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void AnyRun_EveryNode_EndsOnceAndNeverBeforeItsNeeds() =>
        Prop.ForAll(Seeds(), seed => Run(seed)).Check(Quick);

    [Fact]
    public void AnyMoment_TheStateAndThePureFunction_SayTheSame() =>
        Prop.ForAll(Seeds(), seed => Compare(seed)).Check(Quick);

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue).ToArbitrary();

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var plan = RandomPlan(random);
        var state = new PlanState(plan);
        Dictionary<string, NodeOutcome> ended = [];
        List<PlanNode> running = [];
        List<string> phases = [];
        while (true)
        {
            var step = state.Advance();
            Assert.Equal(step.Ready.Select(node => Ordinal(plan, node)).Order(), step.Ready.Select(node => Ordinal(plan, node)));
            foreach (var node in step.Ready)
                Assert.All(Before(plan, node), need => Assert.True(ended[need.Key].Satisfies, $"{node.Key} started without {need.Key}"));
            foreach (var node in step.Skipped)
                Assert.True(ended.TryAdd(node.Key, new NodeOutcome(WorkStatus.Skipped, new Failure("task_failed", ""))));
            Assert.All(step.Skipped, node => Assert.Contains(Before(plan, node), need => ended.TryGetValue(need.Key, out var outcome) && !outcome.Satisfies));
            phases.AddRange(step.FinishedPhases);
            running.AddRange(step.Ready);
            if (running.Count == 0)
                break;
            var next = running[random.Next(running.Count)];
            running.Remove(next);
            var outcome = RandomOutcome(random);
            Assert.True(ended.TryAdd(next.Key, outcome), $"{next.Key} ended twice");
            state.Finish(next.Key, outcome);
        }

        Assert.True(state.Finished, "nothing runs, but the plan is not finished");
        Assert.Equal(plan.Nodes.Count, ended.Count);
        Assert.Equal(plan.Phases.Select(phase => phase.Id).Order(StringComparer.Ordinal), phases.Order(StringComparer.Ordinal));
    }

    private static void Compare(int seed)
    {
        var random = new Random(seed);
        var plan = RandomPlan(random);
        var state = new PlanState(plan);
        Dictionary<string, NodeOutcome> ended = [];
        HashSet<string> started = [];
        List<PlanNode> running = [];
        do
        {
            var pure = Planner.Next(plan, ended, started);
            var step = state.Advance();
            Assert.Equal(pure.Ready, step.Ready);
            Assert.Equal(pure.Skipped, step.Skipped);
            Assert.Equal(pure.StartedPhases, step.StartedPhases);
            Assert.Equal(pure.Finished, step.Finished);
            foreach (var node in step.Skipped)
                ended[node.Key] = new NodeOutcome(WorkStatus.Skipped, new Failure("task_failed", ""));
            running.AddRange(step.Ready);
            started.UnionWith(step.Ready.Select(node => node.Key));
            if (running.Count == 0)
                continue;
            var next = running[random.Next(running.Count)];
            running.Remove(next);
            ended[next.Key] = RandomOutcome(random);
            state.Finish(next.Key, ended[next.Key]);
        }
        while (running.Count > 0);
    }

    private static Plan RandomPlan(Random random)
    {
        var phases = Enumerable.Range(0, random.Next(1, 6))
            .Select(i => $"p{i}:{string.Join(',', Enumerable.Range(0, i).Where(_ => random.Next(3) == 0).Select(j => $"p{j}"))}").ToArray();
        List<string> nodes = [];
        for (var phase = 0; phase < phases.Length; phase++)
        {
            var count = random.Next(1, 6);
            for (var i = 0; i < count; i++)
                nodes.Add($"n{phase}_{i}:p{phase}:{string.Join(',', Enumerable.Range(0, i).Where(_ => random.Next(3) == 0).Select(j => $"n{phase}_{j}"))}");
        }

        return PlanStateTests.PlanOf(phases, [.. nodes.OrderBy(_ => random.Next())]);
    }

    private static NodeOutcome RandomOutcome(Random random) => random.Next(8) switch
    {
        0 => new NodeOutcome(WorkStatus.Failed, new Failure("x", "")),
        1 => new NodeOutcome(WorkStatus.Failed, new Failure("x", ""), Continue: true),
        2 => new NodeOutcome(WorkStatus.Skipped),
        _ => new NodeOutcome(WorkStatus.Completed),
    };

    private static IEnumerable<PlanNode> Before(Plan plan, PlanNode node) =>
        plan.Nodes.Where(other => node.Needs.Contains(other.Key) || node.AfterPhases.Contains(other.Phase));

    private static int Ordinal(Plan plan, PlanNode node) => plan.Nodes.TakeWhile(other => other != node).Count();
}
