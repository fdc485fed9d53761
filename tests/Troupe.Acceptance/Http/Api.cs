using System.Net.Http.Headers;
using System.Text;

namespace Troupe.Acceptance.Http;

/// <summary>Raw HTTP to one server. Paths are below <c>/api/v1</c> unless they are whole addresses.</summary>
/// <param name="key">Shown with every request; none where null.</param>
internal sealed class Api(Uri server, string? key = null)
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(server, "/api/v1/"),
        Timeout = TimeSpan.FromMinutes(3),
        DefaultRequestHeaders = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
    };

    public Uri Server { get; } = server;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Answer> PostAsync(string path, object? body = null, params IReadOnlyList<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Post, path, Json(body ?? new { }), headers);

    public Task<Answer> PutAsync(string path, string text, string mediaType) =>
        SendAsync(HttpMethod.Put, path, new StringContent(text, Encoding.UTF8, mediaType));

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Opens a stream of server-sent events.</summary>
    public async Task<EventStream> StreamAsync(string path, string? lastEventId = null)
    {
        var response = await OpenAsync(path, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventStream(response, await response.Content.ReadAsStreamAsync(), last => OpenAsync(path, last ?? lastEventId));
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static StringContent Json(object body) =>
        new(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
