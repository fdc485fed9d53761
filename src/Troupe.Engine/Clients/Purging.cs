using Troupe.Durable;
using Troupe.Engine.Hosting;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Clients;

/// <summary>Deletes ended instances, and with each all that it started.</summary>
internal sealed class Purging(EngineCore core)
{
    private const int AtOnce = 1_000;

    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellation)
    {
        if (await core.Store.FindAsync(instanceId, cancellation) is not { } record) return 0;
        if (!record.IsFinished) throw new OrchestrationInvalidStateException(instanceId, record.Status, "purge");
        return await PurgeAsync([record]);
    }

    public async Task<int> PurgeAsync(PurgeInstancesFilter filter, CancellationToken cancellation)
    {
        var statuses = (filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(static status => status.IsTerminal()).ToList();
        if (statuses.Count == 0) return 0;
        var query = new OrchestrationQuery { CreatedFrom = filter.CreatedFrom, CreatedTo = filter.CreatedTo, Statuses = statuses };
        var deleted = 0;
        while (await core.Store.ListAsync(query, 0, AtOnce, cancellation) is { Count: > 0 } page) deleted += await PurgeAsync(page);
        return deleted;
    }

    private Task<int> PurgeAsync(IReadOnlyList<InstanceRecord> records) => core.Writes.DeleteAsync(
        [], (store, deleted) => store.PurgeAsync([.. records.Select(static record => record.Key)], deleted));
}
