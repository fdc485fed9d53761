namespace Troupe.Core.Definitions.Checks;

/// <param name="Place">Its JSON pointer.</param>
internal sealed record PlacedTask(TaskDefinition Task, PhaseDefinition Phase, string Place);

/// <summary>Who waits for whom in a definition, by id.</summary>
internal sealed class WorkflowIndex
{
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> _earlierPhases;
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> _needs;

    public WorkflowIndex(WorkflowDefinition definition)
    {
        Tasks = [.. definition.Phases.SelectMany((phase, i) => phase.Tasks.Select((task, j) => new PlacedTask(task, phase, $"/phases/{i}/tasks/{j}")))];
        ById = Tasks.DistinctBy(task => task.Task.Id).ToDictionary(task => task.Task.Id, StringComparer.Ordinal);
        var phases = definition.Phases.DistinctBy(phase => phase.Id).ToList();
        PhaseGraph = new WaitGraph(phases.ToDictionary(phase => phase.Id, phase => phase.After, StringComparer.Ordinal));
        TaskGraph = new WaitGraph(ById.ToDictionary(pair => pair.Key, pair => pair.Value.Task.Needs, StringComparer.Ordinal));
        _earlierPhases = PhaseGraph.Closures();
        _needs = TaskGraph.Closures();
    }

    public IReadOnlyList<PlacedTask> Tasks { get; }

    public IReadOnlyDictionary<string, PlacedTask> ById { get; }

    public WaitGraph PhaseGraph { get; }

    public WaitGraph TaskGraph { get; }

    public bool ComesAfter(string phase, string earlier) => _earlierPhases[phase].Contains(earlier);

    /// <summary>Whether a task is certain to be finished before another starts: that one needs it, or its phase comes later.</summary>
    public bool FinishesBefore(string id, PlacedTask task) =>
        _needs[task.Task.Id].Contains(id) || ComesAfter(task.Phase.Id, ById[id].Phase.Id);
}
