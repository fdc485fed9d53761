namespace Troupe.Client;

/// <summary>
/// Talks to a Troupe server. Safe for concurrent use. Calls that change nothing, and launches (each carries an idempotency key), are
/// repeated when the connection fails; refusals are <see cref="TroupeApiException"/>, a server that does not answer is
/// <see cref="TroupeUnreachableException"/>.
/// </summary>
public sealed partial class TroupeClient : IDisposable
{
    private readonly ApiTransport _api;
    private readonly IDisposable? _owned;

    /// <summary>Uses an HTTP client that the caller owns; its base address is the server's.</summary>
    public TroupeClient(HttpClient http, TroupeClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        Address = http.BaseAddress ?? throw new ArgumentException("The HTTP client needs a base address: that of the server.", nameof(http));
        _api = new ApiTransport(http, options ?? new TroupeClientOptions());
    }

    private TroupeClient(HttpClient http, TroupeClientOptions? options, IDisposable owned)
        : this(http, options) => _owned = owned;

    public Uri Address { get; }

    /// <summary>Makes a client of its own for a server, for example <c>http://127.0.0.1:7070</c>. No proxy is used for loopback addresses.</summary>
    public static TroupeClient Connect(Uri address, TroupeClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var handler = new SocketsHttpHandler
        {
            UseProxy = !address.IsLoopback,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        var http = new HttpClient(handler) { BaseAddress = address };
        return new TroupeClient(http, options, http);
    }

    public void Dispose() => _owned?.Dispose();

    private static string Escape(string part) => Uri.EscapeDataString(part);
}
