using System.Globalization;
using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Replay;

namespace Troupe.Engine.Clients;

/// <inheritdoc/>
internal sealed class OrchestrationClient(Func<EngineCore> engine) : IOrchestrationClient
{
    private const int MaxPageSize = 1_000;

    public Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) =>
        new Scheduling(engine()).ScheduleAsync(orchestratorName, input, options, cancellation);

    public async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var store = engine().Store;
        return await store.FindAsync(instanceId, cancellation) is { } record
            ? await MetadataView.ReadAsync(store, record, getInputsAndOutputs, cancellation)
            : null;
    }

    public async Task<OrchestrationPage> GetInstancesAsync(OrchestrationQuery query, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize);
        var after = 0L;
        if (query.ContinuationToken is { } token && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw new ArgumentException($"The continuation token '{token}' is not one that this engine gave.", nameof(query));
        var store = engine().Store;
        var records = await store.ListAsync(query, after, query.PageSize, cancellation);
        var page = new List<OrchestrationMetadata>(records.Count);
        foreach (var record in records) page.Add(await MetadataView.ReadAsync(store, record, query.FetchInputsAndOutputs, cancellation));
        return new OrchestrationPage(page, records.Count < query.PageSize ? null : records[^1].Key.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<IReadOnlyList<OrchestrationHistoryEvent>> GetHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        await engine().Store.LoadAsync(instanceId, cancellation) is { } snapshot ? HistoryView.Of(snapshot.Record.Name, snapshot.History) : [];

    public Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, string? deliveryId = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var core = engine();
        var payload = core.Converter.Serialize(eventPayload, "The payload of event", eventName);
        return new Sending(core).SendAsync(instanceId, new EventRaised(eventName, payload), "raise an event to", cancellation, deliveryId);
    }

    public Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        new Sending(engine()).SendAsync(instanceId, new ExecutionSuspended(reason), "suspend", cancellation);

    public Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        new Sending(engine()).SendAsync(instanceId, new ExecutionResumed(reason), "resume", cancellation);

    public Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellation = default)
    {
        var core = engine();
        return new Sending(core).SendAsync(instanceId, new ExecutionTerminated(core.Converter.Serialize(output, "The output")), "terminate", cancellation);
    }

    public Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) =>
        new Rewinding(engine()).RewindAsync(instanceId, reason, cancellation);

    public Task<string> RestartInstanceAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default) =>
        new Scheduling(engine()).RestartAsync(instanceId, restartWithNewInstanceId, cancellation);

    public Task<int> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default) =>
        new Purging(engine()).PurgeAsync(instanceId, cancellation);

    public Task<int> PurgeInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation = default) =>
        new Purging(engine()).PurgeAsync(filter, cancellation);

    public async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var core = engine();
        while (true)
        {
            // Asked for before the look at the instance, so that an end in between is not missed.
            var next = core.Waiters.Next(instanceId);
            var record = core.Directory.IsLive(instanceId)
                ? null
                : await core.Store.FindAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);
            if (record is { IsFinished: true }) core.Waiters.Ended(instanceId);
            else record = await next.WaitAsync(cancellation);
            if (record is not null) return await MetadataView.ReadAsync(core.Store, record, getInputsAndOutputs, cancellation);
        }
    }
}
