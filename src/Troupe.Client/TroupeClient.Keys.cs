namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>The server's keys, oldest first.</summary>
    /// <exception cref="TroupeApiException">403: it takes the role admin.</exception>
    public IAsyncEnumerable<KeyInfo> KeysAsync(bool revokedToo = false, CancellationToken cancellationToken = default) =>
        PagesAsync(
            cursor => new Query("api/v1/keys").Add("revoked", revokedToo ? "true" : null).Add("cursor", cursor),
            ClientJson.Default.PageBodyKeyInfo,
            cancellationToken);

    /// <summary>Makes a key; its text is in the answer, and nowhere else.</summary>
    /// <exception cref="TroupeApiException">403: it takes the role admin; 422: what was asked for is not in order.</exception>
    public Task<KeyInfo> CreateKeyAsync(KeyRequest key, CancellationToken cancellationToken = default) =>
        _api.PostAsync("api/v1/keys", key, ClientJson.Default.KeyRequest, ClientJson.Default.KeyInfo, cancellationToken);

    /// <summary>Revokes a key; when this returns, it opens nothing any more.</summary>
    /// <exception cref="TroupeApiException">403: it takes the role admin; 404: there is none of that id.</exception>
    public async Task RevokeKeyAsync(string keyId, CancellationToken cancellationToken = default)
    {
        using var response = await _api.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Delete, $"api/v1/keys/{Escape(keyId)}"), repeatable: true, cancellationToken);
    }
}
