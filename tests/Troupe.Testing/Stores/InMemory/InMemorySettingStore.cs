using System.Globalization;
using Troupe.Core.Records;

namespace Troupe.Testing.Stores.InMemory;

internal sealed class InMemorySettingStore : ISettingStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Kind, string Id), (string Json, long Version)> _settings =
        new(Comparer<(string Kind, string Id)>.Create(static (a, b) =>
            string.CompareOrdinal(a.Kind, b.Kind) is not 0 and var byKind ? byKind : string.CompareOrdinal(a.Id, b.Id)));

    public Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_settings.TryAdd((kind, id), (json, 1)));
    }

    public Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_settings.TryGetValue((kind, id), out var found) ? Read((kind, id), found) : null);
    }

    public Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Setting>>([.. _settings.Where(entry => entry.Key.Kind == kind).Select(static entry => Read(entry.Key, entry.Value))]);
    }

    public Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = (read.Kind, read.Id);
            if (!_settings.TryGetValue(key, out var stored) || Read(key, stored).Version != read.Version) return Task.FromResult(false);
            _settings[key] = (json, stored.Version + 1);
            return Task.FromResult(true);
        }
    }

    public Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_settings.Remove((kind, id)));
    }

    private static Setting Read((string Kind, string Id) key, (string Json, long Version) stored) =>
        new(key.Kind, key.Id, stored.Json, stored.Version.ToString(CultureInfo.InvariantCulture));
}
