using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Troupe.Acceptance.Http;

/// <summary>Other systems that take webhooks, each on a port of its own of the loopback address.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    /// <summary>What lets a server send to the loopback address, and often enough for a receiver that is down for a while.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Troupe__Outgoing__AllowNetworks__0"] = "127.0.0.1",
        ["Troupe__Webhooks__MaxRetries"] = "8",
    };

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<WebhookRequest> _received = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    /// <param name="systems">How many.</param>
    public WebhookReceiver(int systems = 1)
        : this([.. Enumerable.Range(0, systems).Select(static _ => ServerProcess.FreePort())])
    {
    }

    public WebhookReceiver(IReadOnlyList<int> ports)
    {
        Addresses = [.. ports.Select(static port => new Uri($"http://127.0.0.1:{port}/"))];
        foreach (var address in Addresses)
            _listener.Prefixes.Add(address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The status of the answer; null never answers.</summary>
    public Func<WebhookRequest, int?> Answer { get; set; } = static _ => 204;

    public IReadOnlyList<WebhookRequest> Received => [.. _received];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Close();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
            _ = AnswerAsync(await _listener.GetContextAsync());
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var request = new WebhookRequest(
            context.Request.LocalEndPoint.Port,
            context.Request.Url!.AbsolutePath,
            context.Request.Headers["webhook-id"]!,
            context.Request.Headers["webhook-timestamp"]!,
            context.Request.Headers["webhook-signature"],
            await reader.ReadToEndAsync(_end.Token));
        _received.Enqueue(request);
        if (Answer(request) is not { } status)
            return;
        context.Response.StatusCode = status;
        context.Response.Close();
    }
}

internal sealed record WebhookRequest(int Port, string Path, string Id, string Timestamp, string? Signature, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public string Type => Json.Text("type");

    /// <summary>As Standard Webhooks says.</summary>
    public bool IsSignedBy(string secret)
    {
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        return (Signature ?? "").Split(' ').Contains($"v1,{Convert.ToBase64String(mac)}", StringComparer.Ordinal);
    }
}
