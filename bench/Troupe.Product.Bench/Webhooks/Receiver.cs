using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Troupe.Product.Bench.Webhooks;

/// <summary>
/// Other systems that take webhooks, each on a port of its own, in a process of their own. Of the dead ones, four in ten accept and never
/// answer, three refuse, three answer 500. It prints the ports of all, then, for each <c>reset</c> on its standard input a <c>ready</c>,
/// and for each <c>report</c> a line of what has come since: how many messages the live ones took, how many attempts reached dead ones,
/// and the milliseconds from each event to its first arrival at a live one.
/// </summary>
internal sealed class Receiver : IDisposable
{
    private readonly ConcurrentDictionary<string, double> _taken = new(StringComparer.Ordinal);
    private readonly List<Socket> _sockets = [];
    private readonly HashSet<int> _failing = [];
    private int _wasted;

    public static async Task<int> RunAsync(int live, int dead)
    {
        using var receiver = new Receiver();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var hung = Enumerable.Range(0, dead * 4 / 10).Select(_ => receiver.Hang()).ToList();
        var refused = Enumerable.Range(0, dead * 3 / 10).Select(_ => receiver.Refuse()).ToList();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var left = live + dead - hung.Count - refused.Count; left > 0; left--)
                kestrel.Listen(IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        var answering = app.Urls.Select(static url => new Uri(url).Port).ToList();
        receiver._failing.UnionWith(answering.Skip(live));
        Console.WriteLine(string.Join(' ', answering.Take(live).Concat(hung).Concat(refused).Concat(answering.Skip(live))));
        while (await Console.In.ReadLineAsync() is { } command)
            Console.WriteLine(command == "reset" ? receiver.Reset() : receiver.Report());
        return 0;
    }

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    private async Task AnswerAsync(HttpContext context)
    {
        using var message = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        if (_failing.Contains(context.Connection.LocalPort))
        {
            Interlocked.Increment(ref _wasted);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var late = (TimeProvider.System.GetUtcNow() - message.RootElement.GetProperty("timestamp").GetDateTimeOffset()).TotalMilliseconds;
        _taken.TryAdd(context.Request.Headers["webhook-id"].ToString(), late);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private string Reset()
    {
        _taken.Clear();
        Interlocked.Exchange(ref _wasted, 0);
        return "ready";
    }

    private string Report() => string.Create(
        CultureInfo.InvariantCulture, $"{_taken.Count} {_wasted} {string.Join(' ', _taken.Values.Select(static late => late.ToString("0.###", CultureInfo.InvariantCulture)))}");

    private int Hang()
    {
        var listener = Bound();
        listener.Listen(512);
        _ = AcceptAsync(listener);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            var taken = await listener.AcceptAsync();
            Interlocked.Increment(ref _wasted);
            lock (_sockets)
                _sockets.Add(taken);
        }
    }

    /// <summary>A port that is taken and does not listen.</summary>
    private int Refuse() => ((IPEndPoint)Bound().LocalEndPoint!).Port;

    private Socket Bound()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        lock (_sockets)
            _sockets.Add(socket);
        return socket;
    }
}
