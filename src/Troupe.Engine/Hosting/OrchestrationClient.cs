using System.Globalization;
using Troupe.Durable;
using Troupe.Engine.Replay;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <inheritdoc/>
internal sealed class OrchestrationClient(Func<EngineCore> engine) : IOrchestrationClient
{
    private const int MaxPageSize = 1_000;

    public async Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var core = engine();
        var id = options?.InstanceId is { } given ? InstanceIds.Check(given) : NewId(core);
        var instance = New(core, id, orchestratorName, options?.Version, options?.StartAt, core.Converter.Serialize(input, "The input"));
        var taken = options?.InstanceId is not null && await core.Store.FindAsync(id, cancellation) is not null;
        return !taken && await BeginAsync(core, instance) ? id : throw new OrchestrationAlreadyExistsException(id);
    }

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
        var payload = engine().Converter.Serialize(eventPayload, "The payload of event", eventName);
        return SendAsync(instanceId, new EventRaised(eventName, payload), "raise an event to", cancellation, deliveryId);
    }

    public Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspended(reason), "suspend", cancellation);

    public Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumed(reason), "resume", cancellation);

    public Task TerminateInstanceAsync(string instanceId, object? output = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionTerminated(engine().Converter.Serialize(output, "The output")), "terminate", cancellation);

    public Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default) =>
        new Rewinding(engine()).RewindAsync(instanceId, reason, cancellation);

    public async Task<string> RestartInstanceAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var core = engine();
        var record = await FindAsync(core, instanceId, cancellation);
        if (!restartWithNewInstanceId && !record.IsFinished) throw new OrchestrationInvalidStateException(instanceId, record.Status, "restart");
        var (input, _) = await core.Store.LoadEndsAsync(record, input: true, last: false, cancellation);
        var id = restartWithNewInstanceId ? NewId(core) : instanceId;
        var created = await CreateAsync(core, New(core, id, record.Name, null, null, input), replaceFinished: true);
        return created ? id : throw new OrchestrationInvalidStateException(instanceId, OrchestrationRuntimeStatus.Running, "restart");
    }

    public async Task<int> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        var core = engine();
        if (await core.Store.FindAsync(instanceId, cancellation) is not { } record) return 0;
        if (!record.IsFinished) throw new OrchestrationInvalidStateException(instanceId, record.Status, "purge");
        return await PurgeAsync(core, [record]);
    }

    public async Task<int> PurgeInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation = default)
    {
        var core = engine();
        var statuses = (filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(static status => status.IsTerminal()).ToList();
        if (statuses.Count == 0) return 0;
        var query = new OrchestrationQuery { CreatedFrom = filter.CreatedFrom, CreatedTo = filter.CreatedTo, Statuses = statuses };
        var deleted = 0;
        while (await core.Store.ListAsync(query, 0, MaxPageSize, cancellation) is { Count: > 0 } page) deleted += await PurgeAsync(core, page);
        return deleted;
    }

    public async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var core = engine();
        while (true)
        {
            // Asked for before the look at the instance, so that an end in between is not missed.
            var next = core.Waiters.Next(instanceId);
            var record = core.Directory.IsLive(instanceId) ? null : await FindAsync(core, instanceId, cancellation);
            if (record is { IsFinished: true }) core.Waiters.Ended(instanceId);
            else record = await next.WaitAsync(cancellation);
            if (record is not null) return await MetadataView.ReadAsync(core.Store, record, getInputsAndOutputs, cancellation);
        }
    }

    private static string NewId(EngineCore core) => Guid.CreateVersion7(core.Time.GetUtcNow()).ToString("N");

    private static NewInstance New(EngineCore core, string id, string name, string? version, DateTimeOffset? startAt, string? input)
    {
        var newest = core.Catalog.Newest(name) ?? throw new OrchestratorNotRegisteredException(name);
        if (version is not null && !core.Catalog.Has(name, version)) throw new OrchestratorNotRegisteredException($"{name}' of version '{version}");
        var now = core.Now;
        var record = new InstanceRecord(id, name, version ?? newest)
        {
            CreatedAt = now,
            UpdatedAt = now,
            WakeAt = startAt?.UtcDateTime is { } start && start > now ? start : null,
        };
        return new NewInstance(record, input);
    }

    /// <summary>Stores an instance with its first step, unless it is to start later.</summary>
    private static async Task<bool> BeginAsync(EngineCore core, NewInstance instance)
    {
        var taken = instance.Record.WakeAt is null ? Beginning.TryTake(core, instance) : null;
        if (taken is not var (begun, commit) || !core.Directory.TryBegin(instance.Record.Id, begun))
            return await CreateAsync(core, instance, replaceFinished: false);
        try
        {
            var stored = begun.Pending is null ? instance with { Record = commit.After, First = commit.Step } : instance;
            if (await core.WriteAsync(instance.Record.Id, store => store.TryCreateAsync(stored, replaceFinished: false)) is not { Record: var record }) return false;
            if (begun.Pending is null) core.Metrics.Stepped(commit, begun.Active.Machine.TakeRetries());
            if (record.IsFinished) core.Ended(record);
            else core.Directory.Post(record.Id, new Mail(null) { Created = stored with { Record = record }, Begun = begun });
            return true;
        }
        finally
        {
            core.Directory.Begun(instance.Record.Id, begun);
        }
    }

    private static async Task<bool> CreateAsync(EngineCore core, NewInstance instance, bool replaceFinished)
    {
        if (await core.WriteAsync(instance.Record.Id, store => store.TryCreateAsync(instance, replaceFinished)) is not var (record, displaced)) return false;
        core.Abandon(displaced);
        if (record.WakeAt is { } startAt) core.Timers.Schedule(record.Id, startAt);
        else core.Directory.Post(record.Id, new Mail(null) { Created = instance with { Record = record } });
        return true;
    }

    private static async Task<InstanceRecord> FindAsync(EngineCore core, string instanceId, CancellationToken cancellation) =>
        await core.Store.FindAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);

    private static async Task<int> PurgeAsync(EngineCore core, IReadOnlyList<InstanceRecord> records)
    {
        var deleted = await core.Store.PurgeAsync([.. records.Select(static record => record.Key)]);
        core.Abandon(deleted);
        return deleted.Count;
    }

    private async Task SendAsync(
        string instanceId, Message message, string operation, CancellationToken cancellation, string? deliveryId = null)
    {
        cancellation.ThrowIfCancellationRequested();
        var core = engine();
        var mayWait = new EventVolume(core.Options.MaxPendingEvents, core.Options.MaxPendingEventBytes);
        var result = await core.WriteAsync(instanceId, store => store.SendAsync(new OutgoingMessage(instanceId, message), deliveryId, mayWait));
        switch (result.Outcome)
        {
            case SendOutcome.Delivered:
                core.Directory.Post(instanceId, new Mail(message, result.Message!.Sequence));
                break;
            case SendOutcome.NotFound:
                throw new OrchestrationNotFoundException(instanceId);
            case SendOutcome.Ended:
                throw new OrchestrationInvalidStateException(instanceId, result.Status!.Value, operation);
            case SendOutcome.TooManyPending:
                throw new DurableLimitExceededException(
                    $"{result.Waiting.Count:N0} events wait for '{instanceId}' already, {result.Waiting.Bytes:N0} bytes in all. "
                    + $"At most {mayWait.Count:N0} and {mayWait.Bytes:N0} bytes may wait: it must receive some before this one is accepted.")
                {
                    MayPassLater = true,
                };
        }
    }
}
