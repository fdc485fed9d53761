namespace Troupe.Durable;

/// <summary>An instance of that id exists already.</summary>
public sealed class OrchestrationAlreadyExistsException(string instanceId)
    : InvalidOperationException($"An orchestration instance with the id '{instanceId}' exists already. Choose another id, or purge that one first.")
{
    public string InstanceId { get; } = instanceId;
}

/// <summary>No instance has that id.</summary>
public sealed class OrchestrationNotFoundException(string instanceId)
    : InvalidOperationException($"No orchestration instance has the id '{instanceId}'.")
{
    public string InstanceId { get; } = instanceId;
}

/// <summary>No orchestrator of that name (and version) is registered.</summary>
public sealed class OrchestratorNotRegisteredException(string name)
    : InvalidOperationException($"No orchestrator named '{name}' is registered.")
{
    public string OrchestratorName { get; } = name;
}

/// <summary>The instance is in a state in which the operation makes no sense.</summary>
public sealed class OrchestrationInvalidStateException(string instanceId, OrchestrationRuntimeStatus status, string operation)
    : InvalidOperationException($"Cannot {operation} the orchestration instance '{instanceId}': it is {status}.")
{
    public string InstanceId { get; } = instanceId;

    public OrchestrationRuntimeStatus Status { get; } = status;
}

/// <summary>A payload, a history or another bounded thing is too large. The message names the bound and what was found.</summary>
public sealed class DurableLimitExceededException(string message) : InvalidOperationException(message)
{
    /// <summary>Whether the same may be taken later, once less is pending.</summary>
    public bool MayPassLater { get; init; }
}
