using System.Net.Http.Json;
using System.Text.Json;

namespace Troupe.Client;

internal static class ProblemReader
{
    /// <summary>Makes the exception of a refusal; one without problem details keeps its status and reason.</summary>
    public static async Task<TroupeApiException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await ReadBodyAsync(response, cancellationToken);
        return new TroupeApiException(
            response.StatusCode,
            problem?.Title ?? response.ReasonPhrase ?? "Error",
            problem?.Detail,
            problem?.Errors,
            problem?.Type)
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    private static async Task<ProblemBody?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
            return null;
        try
        {
            return await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemBody, cancellationToken);
        }
        catch (JsonException)
        {
            return null; // Not a problem body; the status says what is known.
        }
    }
}
