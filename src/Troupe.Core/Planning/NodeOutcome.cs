using Troupe.Core.Records;

namespace Troupe.Core.Planning;

/// <summary>How a node ended; small, as histories keep it. Results are in the record store.</summary>
/// <param name="Status">A terminal one.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Continue">It failed, but what depends on it goes on (on_failure: continue).</param>
public sealed record NodeOutcome(WorkStatus Status, Failure? Failure = null, bool Continue = false)
{
    /// <summary>Whether what depends on the node may start.</summary>
    public bool Satisfies => Status == WorkStatus.Completed || Continue || (Status == WorkStatus.Skipped && Failure is null);
}

/// <summary>What the planner says is next.</summary>
/// <param name="Ready">Nodes that may start now, in the order of definition.</param>
/// <param name="Skipped">Nodes that can never start, since something they need did not complete.</param>
/// <param name="StartedPhases">Phases of which something is ready or going on for the first time.</param>
/// <param name="FinishedPhases">Phases all of whose nodes are finished.</param>
/// <param name="Finished">Every node is finished or skipped.</param>
public sealed record PlanStep(
    IReadOnlyList<PlanNode> Ready,
    IReadOnlyList<PlanNode> Skipped,
    IReadOnlyList<string> StartedPhases,
    IReadOnlyList<string> FinishedPhases,
    bool Finished);
