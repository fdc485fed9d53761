using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Core.Runs;

/// <summary>What a <see cref="WorkflowOrchestrator"/> is started with.</summary>
public sealed record RunInput(string RunId);

/// <summary>How a run ended; the output of its orchestration.</summary>
public sealed record RunOutcome(WorkStatus Status, Failure? Error = null);

/// <summary>One task to run: a node, or one item of a <c>for_each</c> node.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Node">The node's key.</param>
/// <param name="Index">The item's place, from 0; null for a plain task.</param>
/// <param name="Plan">The run's plan.</param>
public sealed record TaskInput(string RunId, string Node, int? Index, ArtifactRef Plan)
{
    /// <summary>The task's key in the run.</summary>
    public string Key => Index is { } index ? RunIds.ItemKey(Node, index) : Node;
}

/// <summary>How a task ended; the output of its orchestration.</summary>
public sealed record TaskOutcome(NodeOutcome Node, Usage Usage);

/// <summary>What a <see cref="GateOrchestrator"/> is started with.</summary>
/// <param name="Task">The key of the task that asks while it runs; null for a gate of the plan.</param>
public sealed record GateInput(string RunId, string Key, string Title, GateDefinition Gate, string? Task = null);

/// <summary>A range of tasks that a <see cref="PartOrchestrator"/> runs.</summary>
/// <param name="ParentId">The run's orchestration, to which permits no longer needed are handed back.</param>
/// <param name="Units">The tasks, in order.</param>
/// <param name="Permits">How many of them may go on at once, to begin with.</param>
public sealed record PartInput(string RunId, string ParentId, ArtifactRef Plan, IReadOnlyList<WorkUnit> Units, int Permits);

/// <param name="Node">The node's key.</param>
/// <param name="Index">The item's place; null for a plain task.</param>
public sealed record WorkUnit(string Node, int? Index);

/// <summary>How the tasks of a part ended, in the order of its units.</summary>
public sealed record PartOutcome(IReadOnlyList<TaskOutcome> Tasks);
