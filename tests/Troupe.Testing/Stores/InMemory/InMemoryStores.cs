using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

/// <summary>All stores in memory, with the semantics of the durable ones: one lock makes each call a transaction.</summary>
public sealed class InMemoryStores
{
    public InMemoryStores(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var gate = new Lock();
        var events = new InMemoryEventLog(clock, gate);
        Events = events;
        Runs = new InMemoryRunStore(events, gate);
        Settings = new InMemorySettingStore();
        Notifications = new InMemoryNotificationStore();
        Cursors = new InMemoryCursorStore();
        Gates = new InMemoryGateStore(events, gate);
        Documents = new InMemoryDocumentStore(clock);
        Deliveries = new InMemoryDeliveryStore(events, gate);
        Keys = new InMemoryKeyStore();
        Secrets = new InMemorySecretStore();
        Artifacts = new InMemoryArtifactStore();
    }

    public IRunStore Runs { get; }

    public IEventLog Events { get; }

    public ISettingStore Settings { get; }

    public INotificationStore Notifications { get; }

    public ICursorStore Cursors { get; }

    public IGateStore Gates { get; }

    public IDocumentStore Documents { get; }

    public IDeliveryStore Deliveries { get; }

    public IKeyStore Keys { get; }

    public ISecretStore Secrets { get; }

    public IArtifactStore Artifacts { get; }
}
