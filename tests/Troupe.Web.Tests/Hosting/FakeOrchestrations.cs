using System.Text.Json;
using Troupe.Durable;

namespace Troupe.Web.Tests.Hosting;

/// <summary>An engine that runs nothing: it keeps instances in the states that tests put them in, and notes what it is told.</summary>
internal sealed class FakeOrchestrations(TimeProvider time) : IOrchestrationClient
{
    private readonly Dictionary<string, OrchestrationMetadata> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TaskCompletionSource> _ends = new(StringComparer.Ordinal);

    /// <summary>Names that can be started; any where it is null.</summary>
    public IReadOnlyCollection<string>? Orchestrators { get; set; }

    /// <summary>Thrown by every call where it is set.</summary>
    public Exception? Failure { get; set; }

    public List<(string Call, string InstanceId, string? Detail)> Calls { get; } = [];

    public Dictionary<string, IReadOnlyList<OrchestrationHistoryEvent>> Histories { get; } = new(StringComparer.Ordinal);

    public OrchestrationQuery? LastQuery { get; private set; }

    public Func<OrchestrationQuery, bool> Refuses { get; set; } = static _ => false;

    public PurgeInstancesFilter? LastPurge { get; private set; }

    public string? NextContinuationToken { get; set; }

    public OrchestrationMetadata Add(string id, OrchestrationRuntimeStatus status, string name = "Sample", string? input = null, string? output = null)
    {
        var instance = new OrchestrationMetadata(name, id)
        {
            RuntimeStatus = status,
            CreatedAt = time.GetUtcNow(),
            LastUpdatedAt = time.GetUtcNow(),
            SerializedInput = input,
            SerializedOutput = output,
        };
        Set(instance);
        return instance;
    }

    public void Set(OrchestrationMetadata instance)
    {
        _instances[instance.InstanceId] = instance;
        if (instance.RuntimeStatus.IsTerminal() && _ends.TryGetValue(instance.InstanceId, out var end))
            end.TrySetResult();
    }

    public OrchestrationMetadata? Find(string id) => _instances.GetValueOrDefault(id);

    public Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        Check();
        if (Orchestrators is { } known && !known.Contains(orchestratorName))
            throw new OrchestratorNotRegisteredException(orchestratorName);
        var id = options?.InstanceId ?? "generated-id";
        if (_instances.ContainsKey(id))
            throw new OrchestrationAlreadyExistsException(id);
        Add(id, OrchestrationRuntimeStatus.Pending, orchestratorName, input is null ? null : JsonSerializer.Serialize(input));
        Calls.Add(("start", id, orchestratorName));
        return Task.FromResult(id);
    }

    public Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        Check();
        return Task.FromResult(Find(instanceId));
    }

    public Task<OrchestrationPage> GetInstancesAsync(OrchestrationQuery query, CancellationToken cancellation = default)
    {
        Check();
        LastQuery = query;
        if (Refuses(query))
            throw new ArgumentException("No token of this engine.", nameof(query));
        return Task.FromResult(new OrchestrationPage([.. _instances.Values.Take(query.PageSize)], NextContinuationToken));
    }

    public Task<IReadOnlyList<OrchestrationHistoryEvent>> GetHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        Task.FromResult(Histories.GetValueOrDefault(instanceId, []));

    public Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, string? deliveryId = null, CancellationToken cancellation = default) =>
        Steer("raise", instanceId, $"{eventName}:{JsonSerializer.Serialize(eventPayload)}", GoesOn);

    public Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Steer("suspend", instanceId, reason, GoesOn);

    public Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Steer("resume", instanceId, reason, GoesOn);

    public async Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellation = default)
    {
        await Steer("terminate", instanceId, output as string, GoesOn);
        Set(Find(instanceId)! with { RuntimeStatus = OrchestrationRuntimeStatus.Terminated });
    }

    public async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        await Steer("rewind", instanceId, reason, static status => status == OrchestrationRuntimeStatus.Failed);
        Set(Find(instanceId)! with { RuntimeStatus = OrchestrationRuntimeStatus.Running });
    }

    public async Task<string> RestartInstanceAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        await Steer("restart", instanceId, restartWithNewInstanceId ? "new" : "same", status => restartWithNewInstanceId || status.IsTerminal());
        return restartWithNewInstanceId ? instanceId + "-again" : instanceId;
    }

    public async Task<int> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        Check();
        if (Find(instanceId) is null)
            return 0;
        await Steer("purge", instanceId, null, static status => status.IsTerminal());
        _instances.Remove(instanceId);
        return 3;
    }

    public Task<int> PurgeInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation = default)
    {
        Check();
        LastPurge = filter;
        var gone = _instances.Values.Where(instance => instance.RuntimeStatus.IsTerminal()).Select(instance => instance.InstanceId).ToList();
        gone.ForEach(id => _instances.Remove(id));
        return Task.FromResult(gone.Count);
    }

    public async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        Check();
        if (!Find(instanceId)!.RuntimeStatus.IsTerminal())
        {
            var end = _ends[instanceId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Waiting.TrySetResult();
            await end.Task.WaitAsync(cancellation);
        }

        return Find(instanceId)!;
    }

    /// <summary>Completes when somebody waits for an instance's end.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool GoesOn(OrchestrationRuntimeStatus status) => !status.IsTerminal();

    private Task Steer(string call, string id, string? detail, Func<OrchestrationRuntimeStatus, bool> isAllowed)
    {
        Check();
        if (Find(id) is not { } instance)
            throw new OrchestrationNotFoundException(id);
        if (!isAllowed(instance.RuntimeStatus))
            throw new OrchestrationInvalidStateException(id, instance.RuntimeStatus, call);
        Calls.Add((call, id, detail));
        return Task.CompletedTask;
    }

    private void Check()
    {
        if (Failure is not null)
            throw Failure;
    }
}
