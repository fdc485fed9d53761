using Microsoft.Extensions.Options;
using Troupe.Web.Hosting;

namespace Troupe.Web.Access;

/// <summary>Whether callers need keys, and what a key or a session opens. A host without a key store that requires keys lets nobody in.</summary>
internal sealed class KeyGuard(IOptions<TroupeWebOptions> options, KeyRing? ring = null, KeyUsage? usage = null)
{
    public async ValueTask<bool> IsOnAsync(CancellationToken cancellationToken) =>
        options.Value.RequireKeys || (ring is not null && await ring.HoldsKeysAsync(cancellationToken));

    public async ValueTask<ApiKey?> FindAsync(string text, CancellationToken cancellationToken) =>
        ring is null ? null : Used(await ring.FindAsync(text, cancellationToken));

    /// <summary>The session and the key that it stands for.</summary>
    public async ValueTask<(ApiKey Session, ApiKey Key)?> FindSessionAsync(string text, CancellationToken cancellationToken)
    {
        var found = ring is null ? null : await ring.FindSessionAsync(text, cancellationToken);
        Used(found?.Key);
        return found;
    }

    private ApiKey? Used(ApiKey? key)
    {
        if (key is not null)
            usage?.Note(key);
        return key;
    }
}
