using System.Collections.Concurrent;

namespace Troupe.Agents.Providers;

/// <summary>One connection pool for all providers.</summary>
internal sealed class ProviderHttp(TimeProvider time) : IDisposable
{
    private readonly SocketsHttpHandler pool = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
    };

    private readonly ConcurrentDictionary<string, HttpClient> clients = new(StringComparer.Ordinal);

    /// <summary>The client of a provider. It has no timeout of its own: each call is bounded by its token.</summary>
    public HttpClient For(string provider) => clients.GetOrAdd(
        provider, name => new HttpClient(new ProviderHttpHandler(name, pool, time), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });

    public void Dispose()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        pool.Dispose();
    }
}
