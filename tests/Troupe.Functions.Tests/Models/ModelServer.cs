using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Troupe.Functions.Tests.Models;

/// <summary>Speaks as an Azure OpenAI resource does, and keeps what it was asked.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _answer;

    private ModelServer(RequestDelegate answer)
    {
        _answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public List<ModelRequest> Requests { get; } = [];

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static Task<ModelServer> StartAsync(string events) => StartAsync(context =>
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync(events);
    });

    public static Task<ModelServer> StartAsync(int status, string retryAfter) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsync("""{"error":{"code":"429","message":"Too many requests."}}""");
    });

    /// <summary>An answer in pieces: 11 tokens in and 7 out.</summary>
    public static string Answer(params string[] pieces) =>
        string.Concat(pieces.Select(static piece => Chunk($$"""[{"index":0,"delta":{"content":{{JsonSerializer.Serialize(piece)}}},"finish_reason":null}]""")))
        + Chunk("""[{"index":0,"delta":{},"finish_reason":"stop"}]""")
        + Chunk("[]", ""","usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}""")
        + "data: [DONE]\n\n";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<ModelServer> StartAsync(RequestDelegate answer)
    {
        var server = new ModelServer(answer);
        await server._app.StartAsync();
        return server;
    }

    private static string Chunk(string choices, string more = "") => string.Create(
        CultureInfo.InvariantCulture, $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":{{choices}}{{more}}}""") + "\n\n";

    private async Task HandleAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        Requests.Add(new(context.Request.Path, context.Request.Headers.Authorization.ToString(), body.RootElement.Clone()));
        await _answer(context);
    }
}

internal sealed record ModelRequest(string Path, string Authorization, JsonElement Body);
