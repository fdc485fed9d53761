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

    /// <summary>The key that the session stands for.</summary>
    public async ValueTask<ApiKey?> FindBySessionAsync(string text, CancellationToken cancellationToken) =>
        ring is null ? null : Used((await ring.FindSessionAsync(text, cancellationToken))?.Key);

    private ApiKey? Used(ApiKey? key)
    {
        if (key is not null)
            usage?.Note(key);
        return key;
    }
}
