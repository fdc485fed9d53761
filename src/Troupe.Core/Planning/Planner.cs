namespace Troupe.Core.Planning;

/// <summary>The plan's step as a pure function, for callers that keep no <see cref="PlanState"/>.</summary>
public static class Planner
{
    /// <summary>
    /// What may start, and what never can, after these outcomes. Costs as much as the plan has nodes and edges. Finished phases are all
    /// that are finished by now; started ones those that begin with this step.
    /// </summary>
    /// <param name="finished">Outcomes by node key, nodes skipped earlier included.</param>
    /// <param name="started">Keys of nodes that go on or have ended.</param>
    public static PlanStep Next(Plan plan, IReadOnlyDictionary<string, NodeOutcome> finished, IReadOnlySet<string> started) =>
        new PlanState(plan, finished, started).Advance();
}
