using Troupe.Core.Artifacts;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Core.Runs;
using Troupe.Core.Templates;

namespace Troupe.Core.Approvals;

/// <summary>What somebody needs to know who decides.</summary>
/// <param name="Usage">What the run has used so far.</param>
/// <param name="Phase">The title of the phase that waits.</param>
/// <param name="Next">The tasks that begin first, at most <see cref="ApprovalContexts.MaxTasks"/> of <paramref name="NextCount"/>.</param>
/// <param name="Earlier">The tasks that ended before, the last ones, in the order of definition.</param>
public sealed record ApprovalContext(
    RunRecord Run, Usage Usage, string? Phase, IReadOnlyList<NextTask> Next, int NextCount, IReadOnlyList<TaskRecord> Earlier);

/// <summary>A task that a gate holds up.</summary>
/// <param name="Prompt">As it will be sent where <paramref name="IsRendered"/>, else its template.</param>
public sealed record NextTask(string Key, string Title, string Agent, string Prompt, bool IsRendered, bool ForEach);

/// <summary>Puts together what a gate's run has done and what it will do next.</summary>
public sealed class ApprovalContexts(IRunStore runs, IArtifactStore artifacts, PlanCache plans, TaskContexts contexts)
{
    /// <summary>Tasks told of before and behind a gate: 20 each.</summary>
    public const int MaxTasks = 20;

    /// <summary>Results that are read for a prompt: up to 1 MiB in all; a prompt that needs more is shown as its template.</summary>
    private const long MaxResults = 1 << 20;

    /// <summary>Null where the run is gone.</summary>
    public async Task<ApprovalContext?> ReadAsync(GateRecord gate, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(gate.RunId, cancellationToken) is not { } run)
            return null;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        var place = plan.Nodes.FirstOrDefault(node => node.Key == gate.Key) ?? NodeOf(plan, gate.TaskKey);
        if (place is null)
            return new ApprovalContext(run, run.Usage, null, [], 0, []);
        var nodes = gate.TaskKey is null ? PlanPaths.Next(plan, place.Key) : [place];
        var next = new List<NextTask>();
        foreach (var node in nodes.Take(MaxTasks))
            next.Add(await NextAsync(gate, run, plan, node, cancellationToken));
        var totals = await runs.GetTotalsAsync(run.Id, cancellationToken);
        var phase = plan.Phases.FirstOrDefault(phase => phase.Id == place.Phase)?.Title;
        return new ApprovalContext(run, totals.Usage, phase, next, nodes.Count, await EarlierAsync(run, plan, place.Key, cancellationToken));
    }

    /// <summary>The whole prompt of a task behind the gate; null where there is none of that key.</summary>
    public async Task<NextTask?> PromptAsync(GateRecord gate, string task, CancellationToken cancellationToken)
    {
        if (await runs.GetRunAsync(gate.RunId, cancellationToken) is not { } run)
            return null;
        var plan = await plans.GetAsync(run.Plan, cancellationToken);
        return NodeOf(plan, task) is { } node && (gate.TaskKey == task || PlanPaths.Behind(plan, gate.Key).Contains(node.Key))
            ? await NextAsync(gate, run, plan, node, cancellationToken)
            : null;
    }

    /// <summary>The node of a task, or of the fan-out that a task is an item of.</summary>
    private static PlanNode? NodeOf(Plan plan, string? task) =>
        task is null ? null : plan.Nodes.FirstOrDefault(node => node.Task is not null && (node.Key == task || task.StartsWith(node.Key + ".", StringComparison.Ordinal)));

    private async Task<NextTask> NextAsync(GateRecord gate, RunRecord run, Plan plan, PlanNode node, CancellationToken cancellationToken)
    {
        var isForEach = node.Kind == PlanNodeKind.ForEach;
        if (gate.TaskKey is { } asking && await runs.GetTaskAsync(RunIds.Child(run.Id, asking), cancellationToken) is { Prompt: { } sent } task)
            return new NextTask(task.Key, task.Title, node.Task!.Agent, await artifacts.ReadTextAsync(sent, cancellationToken), IsRendered: true, ForEach: false);
        var pending = gate is { Status: GateStatus.Pending, Edits: { } edits } ? RunEdits.Add(run, edits) : run;
        var (edited, prompt) = await RunEdits.ApplyAsync(pending, plan, node, artifacts, cancellationToken);
        var text = await artifacts.ReadTextAsync(prompt, cancellationToken);
        var rendered = !node.Task!.IsTemplate ? text : isForEach ? null : await RenderAsync(edited, text, cancellationToken);
        return new NextTask(node.Key, node.Title, node.Task.Agent, rendered ?? text, rendered is not null, isForEach);
    }

    /// <summary>Null where something that the template needs is not there yet, or is too long to be read for this.</summary>
    private async Task<string?> RenderAsync(RunRecord run, string template, CancellationToken cancellationToken)
    {
        var length = 0L;
        foreach (var id in Template.ReferencedTasks(template))
        {
            if (await runs.GetTaskAsync(RunIds.Child(run.Id, id), cancellationToken) is not { } task || !task.Status.IsTerminal())
                return null;
            length += task.Result?.Artifact?.Length ?? task.Result?.Text?.Length ?? 0;
        }

        if (length > MaxResults)
            return null;
        try
        {
            return Template.Render(template, await contexts.BuildAsync(run, [template], null, cancellationToken));
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<TaskRecord>> EarlierAsync(RunRecord run, Plan plan, string key, CancellationToken cancellationToken)
    {
        var before = PlanPaths.Before(plan, key);
        var earlier = new List<TaskRecord>();
        foreach (var node in plan.Nodes.Where(node => node.Task is not null && before.Contains(node.Key)).TakeLast(MaxTasks))
        {
            if (await runs.GetTaskAsync(RunIds.Child(run.Id, node.Key), cancellationToken) is { } task && task.Status.IsTerminal())
                earlier.Add(task);
        }

        return earlier;
    }
}
