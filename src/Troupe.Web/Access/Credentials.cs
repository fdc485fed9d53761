using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>What a request shows to prove who sends it: exactly one thing counts.</summary>
internal abstract record Credentials
{
    private const string Scheme = "Bearer ";

    private Credentials()
    {
    }

    /// <summary>A key in the Authorization header.</summary>
    public sealed record Key(string Text) : Credentials;

    /// <summary>A signed token in the URL, which reads one run.</summary>
    public sealed record StatusToken(string Text) : Credentials;

    /// <summary>A browser's session cookie.</summary>
    public sealed record Session(string Text) : Credentials;

    /// <summary>Something that cannot be right whatever it holds.</summary>
    public sealed record Malformed : Credentials;

    /// <summary>The Authorization header goes before a token, a token before the cookie; null where there is none of them.</summary>
    /// <exception cref="ApiException">A key stands in the URL.</exception>
    public static Credentials? Of(HttpRequest request, bool takesTokens)
    {
        RefuseKeysInUrls(request);
        if (request.Headers.Authorization is { Count: > 0 } headers)
            return headers is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? new Key(header[Scheme.Length..]) : new Malformed();
        if (takesTokens && request.Query[StatusTokens.Parameter] is { Count: > 0 } tokens)
            return tokens is [{ } token] ? new StatusToken(token) : new Malformed();
        return SessionCookie.Of(request) is { } session ? new Session(session) : null;
    }

    private static void RefuseKeysInUrls(HttpRequest request)
    {
        if (request.Query.Any(static pair => pair.Value.Any(IsSecret)) || IsSecret(request.Path.Value))
        {
            throw new ApiException(new ApiProblem(
                StatusCodes.Status400BadRequest,
                "A key stands in the URL, where logs and histories keep it. Revoke that key, and send keys as 'Authorization: Bearer …'.")
            {
                Kind = "key-in-url",
            });
        }
    }

    private static bool IsSecret(string? text) => text is not null && KeyText.IsWithin(text);
}
