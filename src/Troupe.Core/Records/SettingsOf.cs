using System.Text.Json;
using Troupe.Core.Json;

namespace Troupe.Core.Records;

/// <summary>The settings of one kind as values.</summary>
public sealed class SettingsOf<T>(ISettingStore store, string kind)
    where T : class
{
    public Task<bool> TryAddAsync(string id, T value, CancellationToken cancellationToken) => store.TryAddAsync(kind, id, Write(value), cancellationToken);

    public async Task<T?> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.GetAsync(kind, id, cancellationToken) is { } setting ? Read(setting) : null;

    public async Task<IReadOnlyList<T>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(kind, cancellationToken)).Select(Read)];

    /// <summary>Changes it, beginning again where somebody else was faster. Null where there is none.</summary>
    public async Task<T?> UpdateAsync(string id, Func<T, T> change, CancellationToken cancellationToken)
    {
        while (await store.GetAsync(kind, id, cancellationToken) is { } read)
        {
            var changed = change(Read(read));
            if (await store.TryReplaceAsync(read, Write(changed), cancellationToken))
                return changed;
        }

        return null;
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => store.DeleteAsync(kind, id, cancellationToken);

    private static string Write(T value) => JsonSerializer.Serialize(value, TroupeJson.Options);

    private static T Read(Setting setting) =>
        JsonSerializer.Deserialize<T>(setting.Json, TroupeJson.Options) ?? throw new InvalidDataException($"The {setting.Kind} '{setting.Id}' is empty.");
}
