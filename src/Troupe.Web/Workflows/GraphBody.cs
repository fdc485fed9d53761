using Troupe.Core.Planning;
using Troupe.Core.Records;

namespace Troupe.Web.Workflows;

/// <summary>What a run consists of and what waits for what.</summary>
internal sealed record GraphBody(
    string WorkflowId,
    WorkStatus Status,
    IReadOnlyList<GraphPhase> Phases,
    IReadOnlyList<GraphNode> Nodes,
    IReadOnlyList<GraphEdge> Edges);

internal sealed record GraphPhase(string Id, string Title, WorkStatus Status, IReadOnlyList<string> After);

/// <param name="TaskId">Of a task; gates and delays have none.</param>
/// <param name="GateId">Of an approval gate, for deciding it.</param>
/// <param name="Items">Of a fan-out: its items by status.</param>
internal sealed record GraphNode(
    string Key, PlanNodeKind Kind, string Title, string Phase, WorkStatus Status, string? Agent, string? TaskId, string? GateId, IReadOnlyDictionary<string, int>? Items);

/// <summary><paramref name="To"/> waits for <paramref name="From"/>.</summary>
internal sealed record GraphEdge(string From, string To);
