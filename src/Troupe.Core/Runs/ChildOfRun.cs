using Troupe.Durable;

namespace Troupe.Core.Runs;

/// <summary>
/// Tasks, gates and parts trust their input: it names the run whose rows they write, and the plan whose agents, programs among them, they
/// run. So they work only as children, whose input comes from a run's own orchestration.
/// </summary>
internal static class ChildOfRun
{
    /// <exception cref="InvalidOperationException">The orchestration was started from outside.</exception>
    public static void Require(OrchestrationContext context)
    {
        if (context.ParentInstanceId is null)
            throw new InvalidOperationException($"{context.Name} is started by runs only. Launch a task or a workflow through the API.");
    }
}
