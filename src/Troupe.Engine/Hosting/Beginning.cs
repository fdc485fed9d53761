using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>
/// An execution whose first step was taken before its instance is stored. A step that concerns nobody else goes into the same commit as
/// the instance; any other is committed once the store has given the instance its key.
/// </summary>
/// <param name="Pending">The step, where it is not yet committed.</param>
internal sealed record Beginning(ActiveExecution Active, Step? Pending)
{
    private int _loops;

    /// <summary>Nobody has brought the instance into memory since it was stored, so that it stands as this says.</summary>
    public bool IsCurrent => Volatile.Read(ref _loops) == 1;

    /// <summary>Tells that a loop for the instance was made.</summary>
    public void LoopMade() => Interlocked.Increment(ref _loops);

    /// <summary>Takes the first step. Null where the code is not there or does what it must not: the instance will say so itself.</summary>
    public static (Beginning Begun, StepCommit Commit)? TryTake(EngineCore core, NewInstance instance)
    {
        // The caller's context is not the instance's: it would be kept as long as the instance waits.
        using var clean = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        try
        {
            var started = new ExecutionStarted(instance.Input);
            var active = ActiveExecution.Restore(new InstanceSnapshot(instance.Record, [], [], []), core.CreateMachine);
            var time = active.NextTime(core.Now, []);
            var step = new Step(time, [started], active.Machine.Take(time, [started]));
            var commit = core.Steps.Build(instance.Record, step, [], active.Machine);
            var concernsOthers = commit.Children.Count + commit.Outgoing.Count > 0 || commit.StartsNextExecution;
            return (new Beginning(active, concernsOthers ? step : null), commit);
        }
        catch (OrchestrationBlockedException)
        {
            return null;
        }
    }
}
