using Troupe.Core.Records;

namespace Troupe.Agents.Providers;

/// <summary>
/// Turns every error answer of a provider into a <see cref="ProviderException"/> before its SDK sees it: the SDKs name errors each in their
/// own way, and not all of them hand the Retry-After header on.
/// </summary>
internal sealed class ProviderHttpHandler(string provider, HttpMessageHandler shared, Func<OpenResponses?> call, TimeProvider time) : DelegatingHandler(shared)
{
    private const int MaxErrorBody = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        call()?.Add(response.Content);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var body = await ReadErrorAsync(response.Content, cancellationToken);
            throw new ProviderException((int)response.StatusCode is >= 300 and < 400
                ? new Failure(FailureKinds.BadRequest, $"{provider} answered {(int)response.StatusCode}, a redirect, which is not followed with a key. Correct its endpoint.")
                : HttpFailure.Of(provider, response.StatusCode, response.Headers, body, time.GetUtcNow()));
        }
    }

    private static async Task<string> ReadErrorAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[MaxErrorBody];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
