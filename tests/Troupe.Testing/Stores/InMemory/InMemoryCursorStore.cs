using System.Collections.Concurrent;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryCursorStore : ICursorStore
{
    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);

    public Task<long> GetAsync(string reader, CancellationToken cancellationToken) => Task.FromResult(_positions.GetValueOrDefault(reader));

    public Task AdvanceAsync(string reader, long position, CancellationToken cancellationToken)
    {
        _positions.AddOrUpdate(reader, position, (_, stored) => Math.Max(stored, position));
        return Task.CompletedTask;
    }
}
