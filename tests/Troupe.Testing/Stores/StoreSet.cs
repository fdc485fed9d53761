using Troupe.Core.Artifacts;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores;

/// <summary>The stores under test, all over the same data, and what closes them.</summary>
public sealed record StoreSet(
    IRunStore Runs, IEventLog Events, IGateStore Gates, IDocumentStore Documents, IArtifactStore Artifacts, IAsyncDisposable? Owner = null);
