using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Stores;

namespace Troupe.Web.Workflows;

/// <summary>Puts a run's plan and its records together.</summary>
internal sealed class GraphReader(IRunStore runs, IGateStore gates, PlanCache plans)
{
    /// <summary>Null where there is no such run.</summary>
    public async Task<GraphBody?> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(runId, cancellationToken) is not { } run)
            return null;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var tasks = new Dictionary<string, TaskRecord>(StringComparer.Ordinal);
        await foreach (var task in runs.AllTasksAsync(runId, cancellationToken))
            tasks[task.Key] = task;
        var open = new Dictionary<string, GateRecord>(StringComparer.Ordinal);
        await foreach (var gate in gates.AllGatesAsync(new GateQuery { RunId = runId }, cancellationToken))
            open[gate.Key] = gate;
        var statuses = run.Phases.ToDictionary(static phase => phase.Id, static phase => phase.Status, StringComparer.Ordinal);
        return new GraphBody(
            run.Id,
            run.Status,
            [.. plan.Phases.Select(phase => new GraphPhase(phase.Id, phase.Title, statuses.GetValueOrDefault(phase.Id), phase.After))],
            [.. plan.Nodes.Select(node => NodeOf(node, statuses, tasks, open))],
            GraphEdges.Of(plan));
    }

    private static GraphNode NodeOf(
        PlanNode node, Dictionary<string, WorkStatus> phases, Dictionary<string, TaskRecord> tasks, Dictionary<string, GateRecord> gates)
    {
        var task = tasks.GetValueOrDefault(node.Key);
        var gate = gates.GetValueOrDefault(node.Key);
        var status = task?.Status ?? (gate is null ? phases.GetValueOrDefault(node.Phase) : StatusOf(gate.Status));
        var items = node.Kind == PlanNodeKind.ForEach ? ItemsOf(node.Key, tasks.Values) : null;
        return new GraphNode(node.Key, node.Kind, node.Title, node.Phase, status, task?.Agent, task?.Id, gate?.Id, items);
    }

    private static WorkStatus StatusOf(GateStatus status) => status switch
    {
        GateStatus.Pending => WorkStatus.Waiting,
        GateStatus.Approved or GateStatus.Received or GateStatus.Answered => WorkStatus.Completed,
        GateStatus.Cancelled => WorkStatus.Cancelled,
        _ => WorkStatus.Failed,
    };

    private static Dictionary<string, int> ItemsOf(string key, IEnumerable<TaskRecord> tasks) => tasks
        .Where(task => task.Key.StartsWith(key + ".", StringComparison.Ordinal))
        .GroupBy(static task => task.Status)
        .ToDictionary(static group => EnumWords<WorkStatus>.Write(group.Key), static group => group.Count(), StringComparer.Ordinal);
}
