using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Troupe.Client;

/// <summary>Sends requests, repeats those that may be repeated, and turns refusals into exceptions.</summary>
internal sealed class ApiTransport(HttpClient http, TroupeClientOptions options)
{
    public TroupeClientOptions Options => options;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ReadAsync(() => new HttpRequestMessage(HttpMethod.Get, path), repeatable: true, type, cancellationToken);

    public Task<TOut> PostAsync<TIn, TOut>(
        string path, TIn body, JsonTypeInfo<TIn> bodyType, JsonTypeInfo<TOut> type, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        ReadAsync(() => Post(path, body, bodyType, idempotencyKey), idempotencyKey is not null, type, cancellationToken);

    public async Task PostAsync<TIn>(string path, TIn body, JsonTypeInfo<TIn> bodyType, bool repeatable, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => Post(path, body, bodyType, null), repeatable, cancellationToken);
    }

    /// <summary>Sends until the headers of a success have come; the caller disposes the response.</summary>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, bool repeatable, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = create();
                if (options.Key is { } key)
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.IsSuccessStatusCode)
                    return response;
                using (response)
                    throw await ProblemReader.ReadAsync(response, cancellationToken);
            }
            catch (HttpRequestException failure) when (repeatable && attempt < options.ConnectRetries && IsConnectionFailure(failure))
            {
                await Task.Delay(options.BackoffOf(attempt), options.Time, cancellationToken);
            }
            catch (HttpRequestException failure) when (IsConnectionFailure(failure))
            {
                throw new TroupeUnreachableException(http.BaseAddress, failure);
            }
        }
    }

    private static bool IsConnectionFailure(HttpRequestException failure) => failure.StatusCode is null;

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type, string? idempotencyKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, type) };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return request;
    }

    private async Task<T> ReadAsync<T>(
        Func<HttpRequestMessage> create, bool repeatable, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(create, repeatable, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new JsonException($"The server answered {response.RequestMessage?.RequestUri} with null where a {typeof(T).Name} was expected.");
    }
}
