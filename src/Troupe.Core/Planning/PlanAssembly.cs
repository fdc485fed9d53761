using Troupe.Core.Agents;
using Troupe.Core.Artifacts;
using Troupe.Core.Definitions;

namespace Troupe.Core.Planning;

/// <param name="Place">The JSON pointer of the task.</param>
internal sealed record TaskToAdd(string Key, string Title, string Phase, string Place)
{
    public required string Agent { get; init; }

    public required string Prompt { get; init; }

    public required double Weight { get; init; }

    public required RunOptions Options { get; init; }

    public bool IsTemplate { get; init; }

    public string? ForEach { get; init; }

    public string? When { get; init; }

    public GateDefinition? Gate { get; init; }

    public IReadOnlyList<string> Needs { get; init; } = [];

    public IReadOnlyList<string> AfterPhases { get; init; } = [];
}

/// <summary>Collects the nodes, agents and problems of one plan.</summary>
internal sealed class PlanAssembly(IAgentCatalog catalog, IArtifactStore artifacts, RunOptions run)
{
    private const string RunGate = "run.gate";
    private readonly List<PlanNode> _nodes = [];
    private readonly Dictionary<string, AgentDefinition> _agents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];
    private IReadOnlyList<AgentDefinition>? _all;

    /// <summary>What every node without predecessors needs: the approval of the run, if it requires one.</summary>
    public IReadOnlyList<string> RunGateNeeds { get; private set; } = [];

    public void Add(PlanNode node) => _nodes.Add(node);

    public void AddProblem(string message, string pointer) => _problems.Add(new Problem(message, pointer));

    public void CheckCallbacks()
    {
        if (run.CallbackUrl is null && run.OnCompletion is { Action: CompletionAction.Callback })
            AddProblem("on_completion is callback, but there is no callback_url to call. Add one.", "/options/callback_url");
    }

    public void AddRunGate(string phase, string name)
    {
        if (run.RequiresApproval != true)
            return;
        var title = $"Start {name}?";
        Add(new PlanNode
        {
            Key = RunGate,
            Kind = PlanNodeKind.Gate,
            Phase = phase,
            Title = title,
            Gate = new GateDefinition { Type = GateType.Approval, Title = title },
        });
        RunGateNeeds = [RunGate];
    }

    public async Task AddTaskAsync(TaskToAdd task, CancellationToken cancellationToken)
    {
        var agent = await FindAgentAsync(task, cancellationToken);
        if (agent is null)
            return;
        var options = OptionsMerger.ForTask(task.Options, run, agent);
        if (options.OnFailure == OnFailure.Callback && options.CallbackUrl is null)
            AddProblem("on_failure is callback, but there is no callback_url to call. Add one.", $"{task.Place}/callback_url");
        IReadOnlyList<string> needs = [.. task.Needs, .. AddWaits(task)];
        Add(new PlanNode
        {
            Key = task.Key,
            Kind = task.ForEach is null ? PlanNodeKind.Task : PlanNodeKind.ForEach,
            Phase = task.Phase,
            Title = task.Title,
            Needs = needs,
            AfterPhases = task.AfterPhases,
            Weight = task.Weight,
            Task = new TaskPlan
            {
                Agent = task.Agent,
                Prompt = await artifacts.ToContentAsync(task.Prompt, cancellationToken),
                IsTemplate = task.IsTemplate,
                ForEach = task.ForEach,
                When = task.When,
                Options = options,
            },
        });
    }

    public PlanResult ToResult(string name, IReadOnlyList<PlanPhase> phases, string? resultKey)
    {
        if (_problems.Count > 0)
            return new PlanResult(null, _problems) { Options = run };
        return new PlanResult(new Plan { Name = name, Phases = phases, Nodes = _nodes, Agents = _agents, ResultKey = resultKey }, []) { Options = run };
    }

    /// <summary>The task's own gate, approval and start, each a node before it.</summary>
    private IEnumerable<string> AddWaits(TaskToAdd task)
    {
        if (task.Options.StartAfter is { } delay && task.Place.Length > 0)
            yield return AddBefore(task, "delay", [], [], node => node with { Kind = PlanNodeKind.Delay, Delay = delay, Title = $"Wait before {task.Title}" });
        var gate = task.Gate;
        if (gate is not null)
            yield return AddBefore(task, "gate", task.Needs, task.AfterPhases, node => node with { Gate = gate, Title = gate.Title ?? node.Title });
        if (task.Options.RequiresApproval == true && gate is not { Type: GateType.Approval })
        {
            var approval = new GateDefinition { Type = GateType.Approval, Title = $"Start {task.Title}?" };
            yield return AddBefore(
                task, gate is null ? "gate" : "approval", task.Needs, task.AfterPhases, node => node with { Gate = approval, Title = approval.Title });
        }
    }

    private string AddBefore(
        TaskToAdd task, string suffix, IReadOnlyList<string> needs, IReadOnlyList<string> afterPhases, Func<PlanNode, PlanNode> complete)
    {
        var key = $"{task.Key}.{suffix}";
        Add(complete(new PlanNode
        {
            Key = key,
            Kind = PlanNodeKind.Gate,
            Phase = task.Phase,
            Title = task.Title,
            Needs = needs,
            AfterPhases = afterPhases,
        }));
        return key;
    }

    private async Task<AgentDefinition?> FindAgentAsync(TaskToAdd task, CancellationToken cancellationToken)
    {
        if (_agents.TryGetValue(task.Agent, out var known))
            return known;
        var agent = _unknown.Contains(task.Agent) ? null : await catalog.FindAsync(task.Agent, cancellationToken);
        if (agent is not null)
            return _agents[task.Agent] = agent;
        _unknown.Add(task.Agent);
        _all ??= await catalog.ListAsync(cancellationToken);
        AddProblem(UnknownAgents.Describe(task.Agent, _all), $"{task.Place}/agent");
        return null;
    }
}
