using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Troupe.Web.Access;

/// <summary>Marks an endpoint that a callback's token opens in place of a key; its handler checks the token.</summary>
internal sealed record TakesCallbackToken;

internal static class CallbackToken
{
    public const string Header = "x-callback-token";

    private const string Scheme = "Bearer ";

    public static TBuilder TakesCallbackTokens<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TakesCallbackToken());

    /// <summary>The token that a request shows where the endpoint takes one: in its own header, or as a bearer's; null where it shows none.</summary>
    public static string? Of(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<TakesCallbackToken>() is null)
            return null;
        var headers = context.Request.Headers;
        if (headers[Header] is { Count: > 0 } own)
            return own is [{ } token] ? token : "";
        return headers.Authorization is [{ } bearer] && bearer.StartsWith(Scheme + KeyText.CallbackPrefix, StringComparison.OrdinalIgnoreCase)
            ? bearer[Scheme.Length..]
            : null;
    }
}
