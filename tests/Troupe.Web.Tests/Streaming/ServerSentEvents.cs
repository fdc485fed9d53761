using System.Net;
using System.Text.Json;
using Troupe.Web.Tests.Hosting;

namespace Troupe.Web.Tests.Streaming;

/// <summary>An open event stream.</summary>
internal sealed class ServerSentEvents(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
{
    public HttpResponseMessage Response => response;

    public static async Task<ServerSentEvents> OpenAsync(TestApp app, string path, string? lastEventId = null, string? accept = "text/event-stream", (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        if (header is var (name, value))
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await app.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new ServerSentEvents(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    public Task<string?> LineAsync() => reader.ReadLineAsync();

    /// <summary>The next event, comments passed over; null at the end.</summary>
    public async Task<(string Id, string Type, JsonElement Data)?> NextAsync()
    {
        string id = "", type = "";
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                type = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (id, type, JsonElement.Parse(line[6..]));
        }

        return null;
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
