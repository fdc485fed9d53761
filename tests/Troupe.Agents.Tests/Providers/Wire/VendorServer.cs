using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Troupe.Agents.Tests.Providers.Wire;

/// <summary>A vendor's API on a local port: answers as the test says and keeps what it was sent.</summary>
internal sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TaskCompletionSource disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource streaming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<HttpContext, VendorServer, Task> answer;

    private VendorServer(Func<HttpContext, VendorServer, Task> answer)
    {
        this.answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public List<SeenRequest> Requests { get; } = [];

    /// <summary>Ends when a client has gone away in the middle of an answer.</summary>
    public Task Disconnected => disconnected.Task;

    /// <summary>Ends when the first part of a slow answer has been sent.</summary>
    public Task Streaming => streaming.Task;

    public static async Task<VendorServer> StartAsync(Func<HttpContext, VendorServer, Task> answer)
    {
        var server = new VendorServer(answer);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Answers with one status and body, whatever is asked.</summary>
    public static Task<VendorServer> StartAsync(int status, string body, params (string Name, string Value)[] headers) => StartAsync(async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    });

    /// <summary>Streams server-sent events.</summary>
    public static Task<VendorServer> StartStreamAsync(string events, Ending ending = Ending.Clean) => StartAsync(async (context, server) =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(events);
        await context.Response.Body.FlushAsync();
        server.streaming.TrySetResult();
        if (ending == Ending.Abort)
            context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().Abort();
        if (ending == Ending.Never)
            await server.UntilDisconnectedAsync(context);
    });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task UntilDisconnectedAsync(HttpContext context)
    {
        await using var registration = context.RequestAborted.Register(() => disconnected.TrySetResult());
        await disconnected.Task;
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        lock (Requests)
            Requests.Add(new(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        await answer(context, this);
    }
}

internal enum Ending
{
    Clean,

    /// <summary>The connection breaks.</summary>
    Abort,

    /// <summary>Nothing more comes.</summary>
    Never,
}

internal sealed record SeenRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
