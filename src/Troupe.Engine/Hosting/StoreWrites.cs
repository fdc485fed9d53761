using Troupe.Engine.Storage;

namespace Troupe.Engine.Hosting;

/// <summary>Writes beside the steps of instances, and what becomes of those whom a write concerns or deletes.</summary>
internal sealed class StoreWrites(EngineCore core)
{
    /// <summary>Writes for a client. If that fails, the write may yet be in the store, so the instance it concerns looks for itself.</summary>
    public async Task<T> WriteAsync<T>(string instanceId, Func<IHistoryStore, Task<T>> write)
    {
        try
        {
            return await write(core.Store);
        }
        catch
        {
            core.Directory.Post(instanceId, Mail.Reload);
            throw;
        }
    }

    /// <summary>The same for a write that may delete instances: those that had not ended are let go of, or look for themselves.</summary>
    /// <param name="write">Is given the list that takes them.</param>
    public async Task<T> DeleteAsync<T>(IEnumerable<string> instanceIds, Func<IHistoryStore, List<InstanceRecord>, Task<T>> write)
    {
        List<InstanceRecord> deleted = [];
        T result;
        try
        {
            result = await write(core.Store, deleted);
        }
        catch
        {
            foreach (var instanceId in instanceIds) core.Directory.Post(instanceId, Mail.Reload);
            Doubt(deleted);
            throw;
        }

        Abandon(deleted);
        return result;
    }

    /// <summary>Lets go of what was deleted, where it had not ended.</summary>
    public void Abandon(IEnumerable<InstanceRecord> deleted)
    {
        foreach (var record in deleted)
        {
            core.Waiters.Ended(record.Id);
            if (record.IsFinished) continue;
            core.Activities.Cancel(record.Key);
            core.Directory.Post(record.Id, Mail.Reload);
        }
    }

    /// <summary>Has those look for themselves that may have been deleted by a write that failed.</summary>
    public void Doubt(IEnumerable<InstanceRecord> deleted)
    {
        foreach (var record in deleted)
        {
            if (!record.IsFinished) core.Directory.Post(record.Id, Mail.Doubt(record));
        }
    }
}
