using Grpc.Core;
using Microsoft.DurableTask.Client;
using Troupe.Durable;
using OrchestrationMetadata = Troupe.Durable.OrchestrationMetadata;
using OrchestrationQuery = Troupe.Durable.OrchestrationQuery;
using OrchestrationRuntimeStatus = Troupe.Durable.OrchestrationRuntimeStatus;
using PurgeInstancesFilter = Troupe.Durable.PurgeInstancesFilter;
using Platform = Microsoft.DurableTask;
using PlatformFilter = Microsoft.DurableTask.Client.PurgeInstancesFilter;
using StartOrchestrationOptions = Troupe.Durable.StartOrchestrationOptions;

namespace Troupe.Functions.Adapter;

/// <summary>
/// The platform's client, in the words of the contract. The platform takes most messages for instances that are missing or have ended and
/// drops them without a word, so each is looked for first.
/// </summary>
internal sealed class PlatformClient(DurableClientSource clients, DurableTaskRegistry registry, InstanceTree tree, TimeProvider time) : IOrchestrationClient
{
    private const int MaxPageSize = 1_000;

    public async Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId is { } given ? InstanceIds.Check(given) : Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var start = new Platform.StartOrchestrationOptions(id, options?.StartAt) { Version = VersionOf(orchestratorName, options?.Version) };
        var client = await clients.GetAsync(cancellation);
        try
        {
            return await client.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, start, cancellation);
        }
        catch (Exception e) when (IsTaken(e))
        {
            throw new OrchestrationAlreadyExistsException(id);
        }
    }

    public async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        return InstanceIds.IsValid(instanceId) && await client.GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation) is { } instance
            ? Views.Of(instance)
            : null;
    }

    public async Task<OrchestrationPage> GetInstancesAsync(OrchestrationQuery query, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize);
        var client = await clients.GetAsync(cancellation);
        var pages = client.GetAllInstancesAsync(Views.Of(query)).AsPages(query.ContinuationToken, query.PageSize);
        await foreach (var page in pages.WithCancellation(cancellation))
            return new OrchestrationPage([.. page.Values.Select(Views.Of)], string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        return new OrchestrationPage([], null);
    }

    public async Task<IReadOnlyList<OrchestrationHistoryEvent>> GetHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        return await FindAsync(client, instanceId, cancellation) is null
            ? []
            : Histories.Of(await client.GetOrchestrationHistoryAsync(instanceId, cancellation));
    }

    public async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, string? deliveryId = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var client = await OfOpenAsync(instanceId, "raise an event to", cancellation);
        await client.RaiseEventAsync(instanceId, eventName, eventPayload, cancellation);
    }

    public async Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        var client = await OfOpenAsync(instanceId, "suspend", cancellation);
        await InstanceTree.TellAsync(client, instanceId, id => client.SuspendInstanceAsync(id, reason, cancellation), cancellation);
    }

    public async Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        var client = await OfOpenAsync(instanceId, "resume", cancellation);
        await InstanceTree.TellAsync(client, instanceId, id => client.ResumeInstanceAsync(id, reason, cancellation), cancellation);
    }

    public async Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellation = default)
    {
        var client = await OfOpenAsync(instanceId, "terminate", cancellation);
        var options = new TerminateInstanceOptions(output);
        await tree.TerminateAsync(client, instanceId, id => client.TerminateInstanceAsync(id, options, cancellation), cancellation);
    }

    public async Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        var status = await StatusOfAsync(client, instanceId, cancellation);
        if (status != OrchestrationRuntimeStatus.Failed)
            throw new OrchestrationInvalidStateException(instanceId, status, "rewind");
        await client.RewindInstanceAsync(instanceId, reason, cancellation);
    }

    public async Task<string> RestartInstanceAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        var status = await StatusOfAsync(client, instanceId, cancellation);
        if (!restartWithNewInstanceId && !status.IsTerminal())
            throw new OrchestrationInvalidStateException(instanceId, status, "restart");
        return await client.RestartAsync(instanceId, restartWithNewInstanceId, cancellation);
    }

    public async Task<int> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        if (await FindAsync(client, instanceId, cancellation) is not { } instance)
            return 0;
        var status = Views.Of(instance).RuntimeStatus;
        if (!status.IsTerminal())
            throw new OrchestrationInvalidStateException(instanceId, status, "purge");
        return await InstanceTree.PurgeAsync(client, instanceId, cancellation);
    }

    public async Task<int> PurgeInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation = default)
    {
        var statuses = (filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(static status => status.IsTerminal()).ToList();
        // The platform breaks where no beginning is given, and takes the first of all times for no end.
        var from = filter.CreatedFrom > DateTimeOffset.UnixEpoch ? filter.CreatedFrom.Value : DateTimeOffset.UnixEpoch;
        if (statuses.Count == 0 || filter.CreatedTo < from)
            return 0;
        var client = await clients.GetAsync(cancellation);
        var purged = await client.PurgeAllInstancesAsync(new PlatformFilter(from, filter.CreatedTo, statuses.Select(Views.Of)), cancellation);
        return purged.PurgedInstanceCount;
    }

    public async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var client = await clients.GetAsync(cancellation);
        await StatusOfAsync(client, instanceId, cancellation);
        return Views.Of(await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellation));
    }

    /// <summary>Older versions of the platform's client let its transport's own failure through.</summary>
    private static bool IsTaken(Exception failure) =>
        failure is global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException or RpcException { StatusCode: StatusCode.AlreadyExists };

    private Platform.TaskVersion VersionOf(string orchestrator, string? version)
    {
        var newest = registry.NewestVersion(orchestrator) ?? throw new OrchestratorNotRegisteredException(orchestrator);
        if (version is not null && !registry.Orchestrators.ContainsKey((orchestrator, version)))
            throw new OrchestratorNotRegisteredException($"{orchestrator}' of version '{version}");
        return new Platform.TaskVersion(version ?? newest);
    }

    private async Task<DurableTaskClient> OfOpenAsync(string instanceId, string operation, CancellationToken cancellation)
    {
        var client = await clients.GetAsync(cancellation);
        var status = await StatusOfAsync(client, instanceId, cancellation);
        return status.IsTerminal() ? throw new OrchestrationInvalidStateException(instanceId, status, operation) : client;
    }

    private static async Task<OrchestrationRuntimeStatus> StatusOfAsync(DurableTaskClient client, string instanceId, CancellationToken cancellation) =>
        await FindAsync(client, instanceId, cancellation) is { } instance
            ? Views.Of(instance).RuntimeStatus
            : throw new OrchestrationNotFoundException(instanceId);

    /// <summary>Null also for an id that none can have: the platform takes some of those for entities, and fails.</summary>
    private static async Task<Platform.Client.OrchestrationMetadata?> FindAsync(DurableTaskClient client, string instanceId, CancellationToken cancellation) =>
        InstanceIds.IsValid(instanceId) ? await client.GetInstanceAsync(instanceId, cancellation) : null;
}
