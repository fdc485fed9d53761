using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Troupe.Client;

/// <summary>Reads server-sent events and opens the stream again, after the last event seen, when it is cut.</summary>
internal sealed class EventStream(ApiTransport api, string path, Func<RunEvent, bool> isLast)
{
    public static bool EndsRun(RunEvent told) => told.Type is "run.completed" or "run.failed" or "run.cancelled";

    public async IAsyncEnumerable<RunEvent> ReadAsync(string? afterId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fruitless = 0;
        while (true)
        {
            var open = await OpenAsync(afterId, cancellationToken);
            if (open is null)
                yield break;
            using var response = open;
            await using var items = ItemsAsync(response, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(items) is { } told)
            {
                (afterId, fruitless) = (told.Id ?? afterId, 0);
                yield return told;
                if (isLast(told))
                    yield break;
            }

            await Task.Delay(api.Options.BackoffOf(fruitless++), api.Options.Time, cancellationToken);
        }
    }

    /// <summary>Null where the server says that nothing will follow.</summary>
    private async Task<HttpResponseMessage?> OpenAsync(string? afterId, CancellationToken cancellationToken)
    {
        var response = await api.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
                if (afterId is not null)
                    request.Headers.Add("Last-Event-ID", afterId);
                return request;
            },
            repeatable: true,
            cancellationToken);
        if (response.StatusCode != HttpStatusCode.NoContent)
            return response;
        response.Dispose();
        return null;
    }

    private static async IAsyncEnumerable<RunEvent> ItemsAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, static (_, data) => JsonSerializer.Deserialize(data, ClientJson.Default.RunEvent));
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            if (item.Data is { } told)
                yield return told with { Id = item.EventId ?? told.Id, Type = told.Type == "message" ? item.EventType : told.Type };
        }
    }

    /// <summary>The next event, or null where the stream ended or was cut.</summary>
    private static async Task<RunEvent?> NextAsync(IAsyncEnumerator<RunEvent> items)
    {
        try
        {
            return await items.MoveNextAsync() ? items.Current : null;
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            return null;
        }
    }
}
