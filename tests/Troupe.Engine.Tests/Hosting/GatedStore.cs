using System.Collections.Concurrent;
using Troupe.Engine.Storage;

namespace Troupe.Engine.Tests.Hosting;

/// <summary>A store that loads an instance only once the test lets it, and some never.</summary>
internal sealed class GatedStore(IHistoryStore inner, params string[] broken) : DelegatingStore(inner)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new(StringComparer.Ordinal);

    public void Open(string instanceId) => Gate(instanceId).TrySetResult();

    public override async Task<InstanceSnapshot?> LoadAsync(string instanceId, CancellationToken cancellation)
    {
        await Gate(instanceId).Task.WaitAsync(cancellation);
        return broken.Contains(instanceId) ? throw new InvalidDataException("It cannot be read.") : await base.LoadAsync(instanceId, cancellation);
    }

    private TaskCompletionSource Gate(string instanceId) =>
        _gates.GetOrAdd(instanceId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
