using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
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

        await StreamHead.WriteAsync(context);
        await FollowAsync(context.Response, source, after, stop);
    });

    private static async Task<bool> IsOverAsync(EventSource source, long after, CancellationToken cancellationToken) =>
        await source.HasEndedAsync(cancellationToken) && (await source.ReadAsync(after, 1, cancellationToken)).Events.Count == 0;

    private async Task FollowAsync(HttpResponse response, EventSource source, long after, CancellationToken cancellationToken)
    {
        Task? appended = null;
        var spoken = time.GetTimestamp();
        while (true)
        {
            if (appended is null or { IsCompleted: true })
                appended = source.WaitForAppendAsync(cancellationToken);
            var ended = await source.HasEndedAsync(cancellationToken);
            var next = await source.ReadAsync(after, PageSize, cancellationToken);
            if (next.Events.Count > 0 || time.GetElapsedTime(spoken) >= _options.Heartbeat)
            {
                await WriteAsync(response, next.Events, source.IdOf, cancellationToken);
                spoken = time.GetTimestamp();
            }

            if (next.Through > after)
                after = next.Through;
            else if (ended)
                return;
            else
                await WaitAsync(appended, spoken, cancellationToken);
        }
    }

    /// <summary>Until there may be something to read, or it is time to say that the stream is alive. A log that is polled wakes its readers for nothing, too.</summary>
    private async Task WaitAsync(Task appended, long spoken, CancellationToken cancellationToken)
    {
        try
        {
            var left = _options.Heartbeat - time.GetElapsedTime(spoken);
            await appended.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came.
        }
    }

    private static async Task WriteAsync(
        HttpResponse response, IReadOnlyList<RunEvent> events, Func<RunEvent, long> idOf, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * (events.Count + 1));
        foreach (var happened in events)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {idOf(happened)}\nevent: {happened.Type}\ndata: "), buffer);
            using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WebJson.Options.Encoder }))
                JsonSerializer.Serialize(json, EventBody.Of(happened), WebJson.Options);
            buffer.Write("\n\n"u8);
        }

        if (events.Count == 0)
            buffer.Write(": still here\n\n"u8);
        await response.Body.WriteAsync(buffer.WrittenMemory, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
