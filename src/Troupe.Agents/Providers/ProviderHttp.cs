using System.Collections.Concurrent;

namespace Troupe.Agents.Providers;

/// <summary>One connection pool for all providers.</summary>
internal sealed class ProviderHttp(TimeProvider time) : IDisposable
{
    private readonly SocketsHttpHandler pool = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // An answer given up is broken off at once: reading on to save the connection would let the model write on.
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        EnableMultipleHttp2Connections = true,
    };

    private readonly AsyncLocal<OpenResponses?> current = new();
    private readonly ConcurrentDictionary<string, HttpClient> clients = new(StringComparer.Ordinal);

    /// <summary>The client of a provider. It has no timeout of its own: each call is bounded by its token.</summary>
    public HttpClient For(string provider) => clients.GetOrAdd(
        provider, name => new HttpClient(new ProviderHttpHandler(name, pool, () => current.Value, time), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>
    /// Begins a call: disposing of the result breaks off every answer still open in it. An SDK that is cancelled just after the first
    /// bytes of an answer leaves it open, and the vendor would go on writing.
    /// </summary>
    public OpenResponses BeginCall() => current.Value = new OpenResponses();

    public void Dispose()
    {
        foreach (var client in clients.Values)
            client.Dispose();
        pool.Dispose();
    }
}
