using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;

namespace Troupe.Web.Access;

/// <summary>What a request shows to prove who sends it: exactly one thing counts.</summary>
internal abstract record Credentials
{
    /// <summary>A key as it is: for where something in front of the server reads the Authorization header for itself.</summary>
    public const string KeyHeader = "X-Api-Key";

    private const string Scheme = "Bearer ";

    private Credentials()
    {
    }

    /// <summary>A key in a header of its own or in the Authorization header.</summary>
    public sealed record Key(string Text) : Credentials;

    /// <summary>A signed token in the URL, which reads one run.</summary>
    public sealed record StatusToken(string Text) : Credentials;

    /// <summary>A browser's session cookie.</summary>
    public sealed record Session(string Text) : Credentials;

    /// <summary>Something that cannot be right whatever it holds.</summary>
    public sealed record Malformed : Credentials;

    /// <summary>A key in a header goes before a token, a token before the cookie; null where there is none of them. Two headers must hold the same key.</summary>
    /// <exception cref="ApiException">A key stands in the URL.</exception>
    public static Credentials? Of(HttpRequest request, bool takesTokens)
    {
        RefuseKeysInUrls(request);
        if (InHeaders(request.Headers) is { } key)
            return key;
        if (takesTokens && request.Query[StatusTokens.Parameter] is { Count: > 0 } tokens)
            return tokens is [{ } token] ? new StatusToken(token) : new Malformed();
        return SessionCookie.Of(request) is { } session ? new Session(session) : null;
    }

    private static Credentials? InHeaders(IHeaderDictionary headers) => (headers[KeyHeader], headers.Authorization) switch
    {
        ({ Count: 0 }, { Count: 0 }) => null,
        ([{ } key], { Count: 0 }) => new Key(key),
        ({ Count: 0 }, [{ } bearer]) when IsBearer(bearer) => new Key(bearer[Scheme.Length..]),
        ([{ } key], [{ } bearer]) when IsBearer(bearer) && bearer[Scheme.Length..] == key => new Key(key),
        _ => new Malformed(),
    };

    private static bool IsBearer(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    private static void RefuseKeysInUrls(HttpRequest request)
    {
        if (request.Query.Any(static pair => pair.Value.Any(IsSecret)) || IsSecret(request.Path.Value))
        {
            throw new ApiException(new ApiProblem(
                StatusCodes.Status400BadRequest,
                "A key stands in the URL, where logs and histories keep it. Revoke that key, and send keys as 'Authorization: Bearer …' or 'X-Api-Key: …'.")
            {
                Kind = "key-in-url",
            });
        }
    }

    private static bool IsSecret(string? text) => text is not null && KeyText.IsWithin(text);
}
