using System.Collections.Concurrent;
using Troupe.Core.Access;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemorySecretStore : ISecretStore
{
    private readonly ConcurrentDictionary<string, byte[]> _secrets = new(StringComparer.Ordinal);

    public Task<byte[]> GetOrAddAsync(string name, byte[] offered, CancellationToken cancellationToken) =>
        Task.FromResult(_secrets.GetOrAdd(name, offered).ToArray());
}
