using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Troupe.Integrations.Tests.Support;

/// <summary>A server that receives webhooks on the loopback address and answers them as a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private Receiver(Func<int, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _received.Enqueue(new Received(context.Request.Method, context.Request.Path, headers, body));
            _arrived.Release();
            await answer(_received.Count, context.Response);
        });
    }

    public Uri Url => new(_app.Urls.First() + "/hook");

    public IReadOnlyList<Received> All => [.. _received];

    /// <param name="status">By the number of the request, from 1.</param>
    public static Task<Receiver> StartAsync(Func<int, int> status) => StartAsync((number, response) =>
    {
        response.StatusCode = status(number);
        return response.WriteAsync($"answer {number}");
    });

    public static async Task<Receiver> StartAsync(Func<int, HttpResponse, Task> answer)
    {
        var receiver = new Receiver(answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until it has received so many.</summary>
    public async Task UntilAsync(int count)
    {
        for (var number = 0; number < count; number++)
            await _arrived.WaitAsync(TimeSpan.FromSeconds(30));
        for (var number = 0; number < count; number++)
            _arrived.Release();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
