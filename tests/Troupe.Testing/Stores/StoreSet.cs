using Troupe.Core.Access;
using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Notifications;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores;

/// <summary>The stores under test, all over the same data.</summary>
public sealed record StoreSet
{
    public required IRunStore Runs { get; init; }

    public required IEventLog Events { get; init; }

    public required ICursorStore Cursors { get; init; }

    public required IGateStore Gates { get; init; }

    public required IDocumentStore Documents { get; init; }

    public required IDeliveryStore Deliveries { get; init; }

    /// <summary>Null where these stores keep no keys.</summary>
    public IKeyStore? Keys { get; init; }

    /// <summary>Null where these stores keep no keys.</summary>
    public ISecretStore? Secrets { get; init; }

    public required ISettingStore Settings { get; init; }

    public required INotificationStore Notifications { get; init; }

    public required IArtifactStore Artifacts { get; init; }

    /// <summary>Closes them.</summary>
    public IAsyncDisposable? Owner { get; init; }
}
