using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Troupe.Core.Records;
using Troupe.Web.Hosting;
using Troupe.Web.Json;

namespace Troupe.Web.Streaming;

/// <summary>Writes a log as server-sent events: what is stored, then what is appended, until the log has ended or the reader is gone.</summary>
internal sealed class EventStream(IOptions<TroupeWebOptions> options, TimeProvider time, StreamLives lives)
{
    private const int PageSize = 200;

    private readonly TroupeWebOptions _options = options.Value;

    public Task WriteAsync(HttpContext context, EventSource source, long after) => lives.RunAsync(context, async stop =>
    {
        if (await IsOverAsync(source, after, stop))
        {
            // Tells a browser's EventSource not to come back.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await BeginAsync(context);
        await FollowAsync(context.Response, source, after, stop);
    });

    private static async Task<bool> IsOverAsync(EventSource source, long after, CancellationToken cancellationToken) =>
        await source.HasEndedAsync(cancellationToken) && (await source.ReadAsync(after, 1, cancellationToken)).Events.Count == 0;

    private static async Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task FollowAsync(HttpResponse response, EventSource source, long after, CancellationToken cancellationToken)
    {
        Task? appended = null;
        while (true)
        {
            if (appended is null or { IsCompleted: true })
                appended = source.WaitForAppendAsync(cancellationToken);
            var ended = await source.HasEndedAsync(cancellationToken);
            var next = await source.ReadAsync(after, PageSize, cancellationToken);
            if (next.Through > after)
            {
                after = next.Through;
                await WriteAsync(response, next.Events, source.IdOf, cancellationToken);
            }
            else if (ended)
            {
                return;
            }
            else
            {
                await WaitAsync(response, appended, cancellationToken);
            }
        }
    }

    private async Task WaitAsync(HttpResponse response, Task appended, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await appended.WaitAsync(_options.Heartbeat, time, cancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                await response.WriteAsync(": still here\n\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
    }

    private static async Task WriteAsync(
        HttpResponse response, IReadOnlyList<RunEvent> events, Func<RunEvent, long> idOf, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;
        var buffer = new ArrayBufferWriter<byte>(512 * events.Count);
        foreach (var happened in events)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {idOf(happened)}\nevent: {happened.Type}\ndata: "), buffer);
            using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WebJson.Options.Encoder }))
                JsonSerializer.Serialize(json, EventBody.Of(happened), WebJson.Options);
            buffer.Write("\n\n"u8);
        }

        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
