namespace Troupe.Engine.Replay;

/// <summary>
/// The code of an instance cannot go on as it is: it contradicts its history, awaits what it must not, or is not there. The instance is
/// blocked, not failed: nothing is lost, and it goes on once the code is put right.
/// </summary>
internal class OrchestrationBlockedException(string reason, Exception? innerException = null) : Exception(reason, innerException);

/// <summary>Replayed code decided something else than history says.</summary>
internal sealed class NonDeterminismException(int step, int index, Decision? recorded, Decision? attempted) : OrchestrationBlockedException(
    $"The orchestrator contradicts its history at decision {index} (step {step}): "
    + $"recorded was {recorded?.Describe() ?? "nothing"}, but the code attempted {attempted?.Describe() ?? "nothing"}. "
    + "Deploy code that decides as before for this version, or register the changed code under a new version.");

/// <summary>An orchestrator awaited something that is not a durable task.</summary>
internal sealed class IllegalAwaitException(string what) : OrchestrationBlockedException(
    $"The orchestrator {what}. Orchestrators may await only tasks that come from their context: no Task.Delay, Task.Run, I/O, "
    + "CancelAsync or ConfigureAwait(false). Move such work into an activity.")
{
    public static IllegalAwaitException OnForeignThread() => new("went on, on another thread, after awaiting something that is not a durable task");
}

/// <summary>Orchestrator code threw where no task holds the exception.</summary>
internal sealed class StrayException(Exception exception) : OrchestrationBlockedException(
    $"The orchestrator threw {exception.GetType()} outside of its own task, as an asynchronous method does that returns none: {exception.Message} "
    + "Deploy code that returns its tasks and awaits them, or terminate the instance.",
    exception);
