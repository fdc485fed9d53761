using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Troupe.Core.Http;

/// <summary>
/// Calls addresses that users gave. The very address that is connected to is checked, so that neither names that resolve to something else
/// the second time nor odd spellings reach what is not public. Redirects are not followed, no proxy is used, no cookies or credentials are
/// sent, and what comes back is bounded.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    /// <summary>For a call from its beginning to the last byte that is read.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private readonly AddressPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpMessageInvoker _http;

    public GuardedHttp(IOptions<OutgoingOptions> options, TimeProvider time)
        : this(options.Value, time, Dns.GetHostAddressesAsync)
    {
    }

    internal GuardedHttp(OutgoingOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _policy = new AddressPolicy(options);
        _time = time;
        _resolve = resolve;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 32,
            MaxConnectionsPerServer = 20,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
    }

    /// <param name="request">To an absolute http or https address.</param>
    /// <param name="maxBody">How many bytes of the answer's body to read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="OutgoingRefusedException">The address must not be called.</exception>
    /// <exception cref="HttpRequestException">The other side could not be reached, or broke off.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="Timeout"/>.</exception>
    public async Task<GuardedResponse> SendAsync(HttpRequestMessage request, int maxBody, CancellationToken cancellationToken)
    {
        AddressPolicy.Check(request.RequestUri);
        using var limit = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var body = await ReadAsync(response.Content, maxBody, either.Token);
            return new GuardedResponse(response.StatusCode, RetryAfter(response), body);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.RequestUri!.Authority} did not answer within {Timeout.TotalSeconds:0} s.", e);
        }
        catch (HttpRequestException e) when (e.InnerException is OutgoingRefusedException refused)
        {
            throw new OutgoingRefusedException(refused.Message, e);
        }
        catch (IOException e)
        {
            throw new HttpRequestException($"{request.RequestUri!.Authority} broke its answer off.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var found = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await _resolve(target.Host, cancellationToken);
        var addresses = _policy.Choose(target.Host, found);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int max, CancellationToken cancellationToken)
    {
        var buffer = new byte[max];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, max, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, length);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var wait = asked?.Delta ?? (asked?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
