using System.Text.Json;
using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;
using Troupe.Core.Launching;

namespace Troupe.Core.Planning;

/// <summary>Makes plans: agents looked up, prompts stored, options merged, gates and delays made nodes.</summary>
public sealed class PlanCompiler(IAgentCatalog agents, IArtifactStore artifacts)
{
    /// <summary>Who runs a task that names nobody.</summary>
    public const string DefaultAgent = "generalist";

    /// <summary>The only phase of a single task or a batch.</summary>
    public const string TaskPhase = "tasks";

    /// <summary>As the other, for a definition that needs no inputs to be planned: delays and gates see the inputs' defaults.</summary>
    public Task<PlanResult> CompileAsync(WorkflowDefinition definition, RunOptions launch, CancellationToken cancellationToken) =>
        CompileAsync(definition, launch, InputBinder.Defaults(definition), cancellationToken);

    /// <summary>Plans a workflow. Problems point into the definition, or to <c>/inputs</c> and <c>/options</c> of the launch.</summary>
    /// <param name="launch">Options given at launch, already validated; they win over the workflow's, a task's own win over both.</param>
    /// <param name="inputs">The bound inputs: delays and the texts of gates may use them.</param>
    public async Task<PlanResult> CompileAsync(
        WorkflowDefinition definition, RunOptions launch, JsonElement inputs, CancellationToken cancellationToken)
    {
        var run = OptionsMerger.ForRun(definition.Options, launch);
        var assembly = new PlanAssembly(agents, artifacts, run);
        assembly.CheckCallbacks();
        await new WorkflowPlanning(definition, inputs, assembly).AddNodesAsync(cancellationToken);
        var result = definition.Result ?? definition.Phases[^1].Tasks[^1].Id;
        var planned = assembly.ToResult(definition.Name, PhasesOf(definition), result);
        return planned.Plan is { } plan ? planned with { Plan = plan with { Inputs = definition.Inputs } } : planned;
    }

    /// <summary>The agents that an inline definition names and that are not there, for one that cannot be read as a whole.</summary>
    public Task<IReadOnlyList<Problem>> FindUnknownAgentsAsync(JsonElement definition, CancellationToken cancellationToken) =>
        new UnknownAgents(agents).FindAsync(definition, cancellationToken);

    /// <summary>
    /// Plans one task (key <c>task</c>) or a batch. Problems point to <c>/agent</c> or <c>/tasks/{i}/agent</c>. Start times belong to the
    /// launch; of a single task so does the approval.
    /// </summary>
    public async Task<PlanResult> CompileTasksAsync(
        string name, IReadOnlyList<TaskToPlan> tasks, RunOptions launch, CancellationToken cancellationToken)
    {
        var run = OptionsMerger.ForRun(new RunOptions(), launch);
        var assembly = new PlanAssembly(agents, artifacts, run);
        assembly.CheckCallbacks();
        assembly.AddRunGate(TaskPhase, name);
        var single = tasks is [{ Key: "task" }];
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i];
            await assembly.AddTaskAsync(
                new TaskToAdd(task.Key, task.Title ?? Titles.Of(task.Prompt), TaskPhase, single ? "" : $"/tasks/{i}")
                {
                    Agent = task.Agent ?? DefaultAgent,
                    Prompt = task.Prompt,
                    Weight = 1d / tasks.Count,
                    Options = single ? task.Options with { RequiresApproval = null } : task.Options,
                    Needs = assembly.RunGateNeeds,
                },
                cancellationToken);
        }

        return assembly.ToResult(name, [new PlanPhase(TaskPhase, name, 1, [])], single ? "task" : null);
    }

    private static List<PlanPhase> PhasesOf(WorkflowDefinition definition)
    {
        var total = definition.Phases.Sum(phase => phase.Weight);
        return [.. definition.Phases.Select(phase =>
            new PlanPhase(phase.Id, phase.Title, phase.Weight / total, phase.After) { Milestone = phase.Milestone })];
    }
}
