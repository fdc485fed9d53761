using System.Collections.Concurrent;
using System.Text;

namespace Troupe.Acceptance.Operating;

/// <summary>A stand-in for an OpenTelemetry collector: it keeps what it is sent over http/protobuf.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    private Collector(Uri address)
    {
        Address = address;
        _listener.Prefixes.Add(address.ToString());
    }

    public Uri Address { get; }

    public static Collector Start()
    {
        var collector = new Collector(new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}/"));
        collector._listener.Start();
        _ = collector.ReceiveAsync();
        return collector;
    }

    /// <summary>Whether a name has been sent; names are plain text in protobuf.</summary>
    public bool HasReceived(string path, string name) =>
        _received.Any(one => one.Path == path && one.Body.Contains(name, StringComparison.Ordinal));

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                _received.Enqueue((context.Request.Url!.AbsolutePath, await body.ReadToEndAsync()));
                context.Response.Close();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
