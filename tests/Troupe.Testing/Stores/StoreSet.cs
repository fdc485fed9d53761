using Troupe.Core.Artifacts;
using Troupe.Core.Deliveries;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores;

/// <summary>The stores under test, all over the same data, and what closes them.</summary>
public sealed record StoreSet(
    IRunStore Runs,
    IEventLog Events,
    IGateStore Gates,
    IDocumentStore Documents,
    IDeliveryStore Deliveries,
    IArtifactStore Artifacts,
    IAsyncDisposable? Owner = null);
