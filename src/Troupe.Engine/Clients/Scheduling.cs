using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Clients;

/// <summary>Starts instances, and ended ones once more.</summary>
internal sealed class Scheduling(EngineCore core)
{
    public async Task<string> ScheduleAsync(string orchestratorName, object? input, StartOrchestrationOptions? options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var id = options?.InstanceId is { } given ? InstanceIds.Check(given) : NewId();
        var instance = New(id, orchestratorName, options?.Version, options?.StartAt, core.Converter.Serialize(input, "The input"));
        var taken = options?.InstanceId is not null && await core.Store.FindAsync(id, cancellation) is not null;
        return !taken && await BeginAsync(instance) ? id : throw new OrchestrationAlreadyExistsException(id);
    }

    public async Task<string> RestartAsync(string instanceId, bool withNewId, CancellationToken cancellation)
    {
        var record = await core.Store.FindAsync(instanceId, cancellation) ?? throw new OrchestrationNotFoundException(instanceId);
        if (!withNewId && !record.IsFinished) throw new OrchestrationInvalidStateException(instanceId, record.Status, "restart");
        var (input, _) = await core.Store.LoadEndsAsync(record, input: true, last: false, cancellation);
        var id = withNewId ? NewId() : instanceId;
        var instance = New(id, record.Name, null, null, input);
        if (await core.Writes.DeleteAsync([id], (store, displaced) => store.TryCreateAsync(instance, displaced)) is not { } created)
            throw new OrchestrationInvalidStateException(instanceId, OrchestrationRuntimeStatus.Running, "restart");
        SetGoing(instance with { Record = created });
        return id;
    }

    private string NewId() => Guid.CreateVersion7(core.Time.GetUtcNow()).ToString("N");

    private NewInstance New(string id, string name, string? version, DateTimeOffset? startAt, string? input)
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
    private async Task<bool> BeginAsync(NewInstance instance)
    {
        var taken = instance.Record.WakeAt is null ? Beginning.TryTake(core, instance) : null;
        if (taken is not var (begun, commit) || !core.Directory.TryBegin(instance.Record.Id, begun)) return await CreateAsync(instance);
        try
        {
            var stored = begun.Pending is null ? instance with { Record = commit.After, First = commit.Step } : instance;
            if (await core.Writes.WriteAsync(instance.Record.Id, store => store.TryCreateAsync(stored, displaced: null)) is not { } record) return false;
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

    private async Task<bool> CreateAsync(NewInstance instance)
    {
        if (await core.Writes.WriteAsync(instance.Record.Id, store => store.TryCreateAsync(instance, displaced: null)) is not { } created) return false;
        SetGoing(instance with { Record = created });
        return true;
    }

    private void SetGoing(NewInstance stored)
    {
        if (stored.Record.WakeAt is { } startAt) core.Timers.Schedule(stored.Record.Id, startAt);
        else core.Directory.Post(stored.Record.Id, new Mail(null) { Created = stored });
    }
}
