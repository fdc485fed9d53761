using Troupe.Core.Access;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemoryKeyStore : IKeyStore
{
    private readonly Lock _gate = new();
    private readonly List<string> _order = [];
    private readonly Dictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);

    public Task<bool> TryPutAsync(ApiKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_keys.TryAdd(key.Id, key)) return Task.FromResult(false);
            _order.Add(key.Id);
            return Task.FromResult(true);
        }
    }

    public Task<ApiKey?> GetAsync(string keyId, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_keys.GetValueOrDefault(keyId));
    }

    public Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ApiKey>>(
                [.. _order.Select(id => _keys[id]).Where(key => revokedToo || key.RevokedAt is null).OrderBy(static key => key.CreatedAt)]);
        }
    }

    public Task<ApiKey?> RevokeAsync(string keyId, DateTimeOffset at, string by, CancellationToken cancellationToken) =>
        Change(keyId, key => key.RevokedAt is null ? key with { RevokedAt = at, RevokedBy = by } : key);

    public Task TouchAsync(string keyId, DateTimeOffset at, CancellationToken cancellationToken) =>
        Change(keyId, key => key.LastUsedAt >= at ? key : key with { LastUsedAt = at });

    public Task<int> DeleteSessionsAsync(DateTimeOffset endedBy, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_order.RemoveAll(id => _keys[id].IsEndedSession(endedBy) && _keys.Remove(id)));
    }

    private Task<ApiKey?> Change(string keyId, Func<ApiKey, ApiKey> change)
    {
        lock (_gate)
        {
            if (_keys.TryGetValue(keyId, out var key)) _keys[keyId] = key = change(key);
            return Task.FromResult(key);
        }
    }
}
