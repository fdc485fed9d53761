using Troupe.Core.Artifacts;
using Troupe.Core.Planning;
using Troupe.Core.Records;
using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>Keeps as many tasks going as it has permits: a window, not batches. Each task is a child orchestration of its own.</summary>
internal sealed class TaskWindow(OrchestrationContext context, string runId, ArtifactRef plan, int permits, Action<Happening> post)
{
    private readonly Queue<WorkUnit> _queue = new();
    private readonly Dictionary<WorkUnit, string> _active = [];

    public int Free { get; private set; } = permits;

    public int Queued => _queue.Count;

    public bool Idle => _active.Count == 0 && _queue.Count == 0;

    public void Enqueue(WorkUnit unit) => _queue.Enqueue(unit);

    public void AddPermits(int count) => Free += count;

    public void TakePermits(int count) => Free -= count;

    /// <summary>Starts what the permits allow.</summary>
    public void Fill()
    {
        while (Free > 0 && _queue.TryDequeue(out var unit))
        {
            Free--;
            var input = new TaskInput(runId, unit.Node, unit.Index, plan);
            var id = RunIds.Child(runId, input.Key);
            _active.Add(unit, id);
            _ = RunAsync(unit, input, id);
        }
    }

    /// <summary>Gives the permit of a task that has ended back.</summary>
    public void Release(WorkUnit unit)
    {
        if (_active.Remove(unit))
            Free++;
    }

    /// <summary>Drops what has not started and tells the rest to stop.</summary>
    public void Cancel()
    {
        _queue.Clear();
        foreach (var id in _active.Values)
            context.SendEvent(id, Inbox.EventName, new Envelope("cancel", EnvelopeKinds.Cancel));
    }

    private async Task RunAsync(WorkUnit unit, TaskInput input, string id)
    {
        TaskOutcome outcome;
        try
        {
            outcome = await context.CallSubOrchestratorAsync<TaskOutcome>(
                nameof(TaskOrchestrator), input, new SubOrchestrationOptions(InstanceId: id, Version: context.Version));
        }
        catch (TaskFailedException e)
        {
            outcome = Broken(e);
        }

        post(new UnitEnded(unit, outcome));
    }

    /// <summary>An exception across the boundary is a bug, or somebody terminated the child; either way it harms this task alone.</summary>
    private static TaskOutcome Broken(TaskFailedException e) =>
        new(new NodeOutcome(WorkStatus.Failed, new Failure(FailureKinds.Internal, e.FailureDetails.ErrorMessage, Detail: e.FailureDetails.StackTrace)), Usage.None);
}
