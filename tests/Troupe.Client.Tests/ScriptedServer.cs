using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Troupe.Client.Tests;

/// <summary>A request as the server got it.</summary>
public sealed record Received(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);
}

/// <summary>An HTTP server on a loopback port that answers each request with the next step of its script.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script;
    private readonly ConcurrentQueue<Received> _received = new();

    private ScriptedServer(IEnumerable<Func<HttpContext, Task>> script)
    {
        _script = new ConcurrentQueue<Func<HttpContext, Task>>(script);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public IReadOnlyList<Received> Requests => [.. _received];

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<ScriptedServer> StartAsync(params IEnumerable<Func<HttpContext, Task>> script)
    {
        var server = new ScriptedServer(script);
        await server._app.StartAsync();
        return server;
    }

    public TroupeClient Connect(TroupeClientOptions? options = null) =>
        TroupeClient.Connect(Address, options ?? new TroupeClientOptions { Backoff = TimeSpan.FromMilliseconds(1) });

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_script);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public static Func<HttpContext, Task> Json(string body, int status = 200) => Text(body, status, "application/json");

    public static Func<HttpContext, Task> Problem(int status, string body) => Text(body, status, "application/problem+json");

    public static Func<HttpContext, Task> Text(string body, int status = 200, string type = "text/plain") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    };

    /// <summary>Ends the connection without an answer.</summary>
    public static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Sends these events and ends the stream in good order.</summary>
    public static Func<HttpContext, Task> Events(params string[] events) => context => WriteAsync(context, events);

    /// <summary>Sends these events and, once told, cuts the connection.</summary>
    public static Func<HttpContext, Task> EventsThenCut(Task seen, params string[] events) => async context =>
    {
        await WriteAsync(context, events);
        await seen;
        context.Abort();
    };

    private static async Task WriteAsync(HttpContext context, string[] events)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var text in events)
            await context.Response.WriteAsync(text + "\n\n");
        await context.Response.Body.FlushAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new Received(
            context.Request.Method, context.Request.Path.ToUriComponent() + context.Request.QueryString, headers, await reader.ReadToEndAsync()));
        if (_script.TryDequeue(out var step))
            await step(context);
        else
            context.Response.StatusCode = 599;
    }
}
