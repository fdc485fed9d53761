namespace Troupe.Durable;

/// <summary>Starts, observes and steers instances. What a call has answered is durable.</summary>
public interface IOrchestrationClient
{
    /// <summary>Starts an instance and returns its id.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">
    /// The id exists, finished instances included (embedded engine). Durable Functions starts a finished id afresh: callers that care
    /// must check first.
    /// </exception>
    Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The state of an instance, or null where there is none of that id.</summary>
    Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>One page of the instances that match.</summary>
    Task<OrchestrationPage> GetInstancesAsync(OrchestrationQuery query, CancellationToken cancellation = default);

    /// <summary>The history of an instance's current execution in order; empty where there is no such instance.</summary>
    Task<IReadOnlyList<OrchestrationHistoryEvent>> GetHistoryAsync(string instanceId, CancellationToken cancellation = default);

    /// <summary>Sends an event. On the embedded engine one with a delivery id already seen by the instance is dropped.</summary>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The instance has ended.</exception>
    Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, string? deliveryId = null, CancellationToken cancellation = default);

    /// <summary>Stops an instance from taking steps; what arrives meanwhile is kept. Reaches child orchestrations.</summary>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The instance has ended.</exception>
    Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Undoes <see cref="SuspendInstanceAsync"/>.</summary>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The instance has ended.</exception>
    Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Ends an instance at once. Reaches child orchestrations and, on the embedded engine, running activities.</summary>
    /// <param name="instanceId">The instance to end.</param>
    /// <param name="output">Its output, by convention the reason.</param>
    /// <param name="cancellation">Cancels the call, not the termination.</param>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The instance has ended.</exception>
    Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellation = default);

    /// <summary>Runs a failed instance again from its failed calls; finished work is kept. Reaches failed child orchestrations.</summary>
    /// <remarks>An event that its last step had sent is not sent again (embedded engine).</remarks>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The instance has not failed.</exception>
    Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default);

    /// <summary>Starts a finished instance again from the beginning with its input; returns the id of the new one.</summary>
    /// <exception cref="OrchestrationNotFoundException"/>
    /// <exception cref="OrchestrationInvalidStateException">The same id is asked for and the instance has not ended.</exception>
    Task<string> RestartInstanceAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default);

    /// <summary>Deletes a finished instance with its history and children; returns how many instances were deleted.</summary>
    /// <exception cref="OrchestrationInvalidStateException">The instance has not ended.</exception>
    Task<int> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default);

    /// <summary>Deletes the finished instances that match; returns how many.</summary>
    Task<int> PurgeInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation = default);

    /// <summary>Waits until the instance has ended.</summary>
    /// <exception cref="OrchestrationNotFoundException"/>
    Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);
}

/// <summary>How an instance is started.</summary>
/// <param name="InstanceId">1 to 256 characters without control characters, '/', '\', '#', '?' and not starting with '@'; a new GUID where null.</param>
/// <param name="StartAt">Not to be started before then; at once where null.</param>
/// <param name="Version">The orchestrator's version; the newest where null.</param>
public sealed record StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null, string? Version = null);
