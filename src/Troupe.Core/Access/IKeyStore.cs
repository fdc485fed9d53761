namespace Troupe.Core.Access;

/// <summary>Keys by their ids.</summary>
public interface IKeyStore
{
    /// <summary>Stores a new key; false where its id is taken.</summary>
    Task<bool> TryPutAsync(ApiKey key, CancellationToken cancellationToken);

    Task<ApiKey?> GetAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Oldest first; those that are revoked only where asked for.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(bool revokedToo, CancellationToken cancellationToken);

    /// <summary>Revokes a key for good and returns it as it then is; one revoked before stays as it was. Null where there is none.</summary>
    Task<ApiKey?> RevokeAsync(string keyId, DateTimeOffset at, string by, CancellationToken cancellationToken);

    /// <summary>Notes a use; an earlier one than that stored changes nothing, nor does one of a key that is not there.</summary>
    Task TouchAsync(string keyId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes sessions that were revoked or have expired by then. Keys proper stay, revoked ones too.</summary>
    /// <returns>How many.</returns>
    Task<int> DeleteSessionsAsync(DateTimeOffset endedBy, CancellationToken cancellationToken);
}

/// <summary>Secrets that the server makes for itself, such as what it signs with.</summary>
public interface ISecretStore
{
    /// <summary>The secret of that name; the first one offered is stored and stays.</summary>
    Task<byte[]> GetOrAddAsync(string name, byte[] offered, CancellationToken cancellationToken);
}
