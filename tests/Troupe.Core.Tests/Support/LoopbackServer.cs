using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Troupe.Core.Tests.Support;

/// <summary>A server on the loopback address that answers each connection with the same bytes.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private readonly string _answer;
    private readonly bool _close;

    /// <param name="answer">Sent once a request's headers are there.</param>
    /// <param name="close">Whether the connection is closed after it; left open otherwise.</param>
    public LoopbackServer(string answer, bool close = true)
    {
        _answer = answer;
        _close = close;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"http://127.0.0.1:{Port}/hook");

    public List<string> Requests { get; } = [];

    /// <summary>Completes when the first request has been answered.</summary>
    public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = AnswerAsync(client);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var owned = client;
        var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(buffer, _stop.Token);
            if (length == 0)
                return;
            request.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        lock (Requests)
            Requests.Add(request.ToString());
        await stream.WriteAsync(Encoding.Latin1.GetBytes(_answer), _stop.Token);
        Answered.TrySetResult();
        if (!_close)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
    }
}
