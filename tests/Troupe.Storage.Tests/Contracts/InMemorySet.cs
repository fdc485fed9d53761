using Troupe.Testing.Stores;
using Troupe.Testing.Stores.InMemory;

namespace Troupe.Storage.Tests.Contracts;

/// <summary>The fakes that other tests use must behave as the real stores do.</summary>
internal static class InMemorySet
{
    public static Task<StoreSet> OpenAsync(TimeProvider time)
    {
        var stores = new InMemoryStores(time);
        return Task.FromResult(new StoreSet
        {
            Runs = stores.Runs,
            Events = stores.Events,
            Cursors = stores.Cursors,
            Gates = stores.Gates,
            Documents = stores.Documents,
            Deliveries = stores.Deliveries,
            Keys = stores.Keys,
            Secrets = stores.Secrets,
            Settings = stores.Settings,
            Notifications = stores.Notifications,
            Artifacts = stores.Artifacts,
        });
    }
}
