namespace Troupe.Core.Records;

/// <summary>
/// Small JSON records that people make at run time, such as webhook subscriptions and preferences: few of a kind (up to some thousands),
/// each at most 64 KiB, the newest version only.
/// </summary>
public interface ISettingStore
{
    /// <summary>False where there is one of that kind with that id.</summary>
    Task<bool> TryAddAsync(string kind, string id, string json, CancellationToken cancellationToken);

    Task<Setting?> GetAsync(string kind, string id, CancellationToken cancellationToken);

    /// <summary>All of a kind, by id (ordinal).</summary>
    Task<IReadOnlyList<Setting>> ListAsync(string kind, CancellationToken cancellationToken);

    /// <summary>False where it has changed since it was read, or is gone; nothing is done then.</summary>
    Task<bool> TryReplaceAsync(Setting read, string json, CancellationToken cancellationToken);

    /// <summary>False where there is none.</summary>
    Task<bool> DeleteAsync(string kind, string id, CancellationToken cancellationToken);
}

/// <param name="Version">Changes with every change; opaque.</param>
public sealed record Setting(string Kind, string Id, string Json, string Version);
