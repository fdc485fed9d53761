using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Planning;

/// <summary>A definition made ready to execute: nodes with what they wait for. It is fixed at launch, agents and prompts included.</summary>
public sealed record Plan
{
    public required string Name { get; init; }

    public required IReadOnlyList<PlanPhase> Phases { get; init; }

    /// <summary>In the order of definition; the place in this list is the node's ordinal.</summary>
    public required IReadOnlyList<PlanNode> Nodes { get; init; }

    /// <summary>The agents used, by the name that the nodes use.</summary>
    public required IReadOnlyDictionary<string, AgentDefinition> Agents { get; init; }

    /// <summary>The inputs as the workflow defines them; none for tasks and batches.</summary>
    public IReadOnlyList<InputDefinition> Inputs { get; init; } = [];

    /// <summary>The key of the node whose result is the run's; null for a batch, whose result is the list of all.</summary>
    public string? ResultKey { get; init; }
}

/// <param name="Weight">Its part of the whole, 0 to 1; all phases together are 1.</param>
public sealed record PlanPhase(string Id, string Title, double Weight, IReadOnlyList<string> After)
{
    /// <summary>What is reached when the phase completes; null for nothing worth telling.</summary>
    public string? Milestone { get; init; }
}

/// <summary>One thing that starts, ends, and that others wait for.</summary>
public sealed record PlanNode
{
    /// <summary>Unique in the plan. Tasks have their id; gates and delays have one that no task id can be (it contains a dot).</summary>
    public required string Key { get; init; }

    public required PlanNodeKind Kind { get; init; }

    public required string Phase { get; init; }

    public required string Title { get; init; }

    /// <summary>Nodes that must be finished first.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Phases that must be finished first.</summary>
    public IReadOnlyList<string> AfterPhases { get; init; } = [];

    /// <summary>Its part of the whole run, 0 to 1; gates and delays have none.</summary>
    public double Weight { get; init; }

    public TaskPlan? Task { get; init; }

    public GateDefinition? Gate { get; init; }

    public TimeSpan? Delay { get; init; }
}

public enum PlanNodeKind
{
    Task,

    /// <summary>A task that becomes one task for each item of a list.</summary>
    ForEach,
    Gate,
    Delay,
}

/// <summary>What a task node runs.</summary>
public sealed record TaskPlan
{
    /// <summary>A key of <see cref="Plan.Agents"/>.</summary>
    public required string Agent { get; init; }

    public required Content Prompt { get; init; }

    /// <summary>Whether the prompt is a template; the prompt of a single task or a batch is not.</summary>
    public bool IsTemplate { get; init; }

    public string? ForEach { get; init; }

    public string? When { get; init; }

    /// <summary>Complete: every level's values are merged in, every default is set where it matters.</summary>
    public required RunOptions Options { get; init; }
}
