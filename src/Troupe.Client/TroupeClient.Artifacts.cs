using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Troupe.Client;

public sealed partial class TroupeClient
{
    /// <summary>Stores bytes of at most 64 MiB; they stream, so that they need not fit into memory.</summary>
    /// <exception cref="TroupeApiException">413: longer than the limit.</exception>
    public async Task<ArtifactInfo> UploadArtifactAsync(
        Stream content, string mediaType = "application/octet-stream", CancellationToken cancellationToken = default)
    {
        using var response = await _api.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "api/v1/artifacts")
            {
                Content = new StreamContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) } },
            },
            repeatable: false,
            cancellationToken);
        return await response.Content.ReadFromJsonAsync(ClientJson.Default.ArtifactInfo, cancellationToken)
            ?? throw new TroupeApiException(HttpStatusCode.BadGateway, "The server answered an upload with nothing.");
    }

    /// <summary>Opens stored bytes; the caller disposes the stream.</summary>
    /// <exception cref="TroupeApiException">404: there are none of that hash.</exception>
    public Task<Stream> DownloadArtifactAsync(string hash, CancellationToken cancellationToken = default) =>
        OpenAsync($"api/v1/artifacts/{Escape(hash)}", cancellationToken);

    /// <summary>Opens a file that a task saved; the caller disposes the stream.</summary>
    /// <param name="path">As in <see cref="FileInfo.Path"/>.</param>
    public Task<Stream> DownloadTaskFileAsync(string taskId, string path, CancellationToken cancellationToken = default) =>
        OpenAsync($"api/v1/tasks/{Escape(taskId)}/artifacts/{string.Join('/', path.Split('/').Select(Escape))}", cancellationToken);

    private async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var response = await _api.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), repeatable: true, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
